package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.console.ConsoleOptions;
import java.util.List;

/// The options of the console: keys below `server:`, variables `FANFARE_CONSOLE…`.
public final class ConsoleSchema {

  private static final ConsoleOptions DEFAULTS = ConsoleOptions.DEFAULTS;

  public static final Option<Boolean> CONSOLE =
      Option.atStart(
          "console",
          new Kind.OnOff(),
          DEFAULTS.enabled(),
          "Serve the [console](console.md) on a separate port.");

  public static final Option<String> CONSOLE_HOST =
      Option.atStart(
          "console_host",
          ServerSchema.ADDRESS,
          DEFAULTS.host(),
          "Address to serve the console on; it must be a loopback address.");

  public static final Option<Integer> CONSOLE_PORT =
      Option.atStart(
          "console_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for the console; 0 picks a free one.");

  static final Option<Boolean> CONSOLE_PAYLOADS =
      Option.atStart(
          "console_payloads",
          new Kind.OnOff(),
          DEFAULTS.payloads(),
          "Whether the console shows the data of events.");

  static final Option<Integer> CONSOLE_TRACES =
      Option.atStart(
          "console_traces",
          new Kind.Whole(0, 100_000),
          DEFAULTS.traces(),
          "Publishes of each app that the console remembers, with what became of them.");

  static final List<Option<?>> ALL =
      List.of(CONSOLE, CONSOLE_HOST, CONSOLE_PORT, CONSOLE_PAYLOADS, CONSOLE_TRACES);

  private ConsoleSchema() {}

  public static ConsoleOptions options(Section server) {
    return new ConsoleOptions(
        server.get(CONSOLE),
        server.get(CONSOLE_HOST),
        server.get(CONSOLE_PORT),
        server.get(CONSOLE_PAYLOADS),
        server.get(CONSOLE_TRACES));
  }
}
