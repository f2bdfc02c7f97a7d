package dev.fanfare.config.schema;

import dev.fanfare.config.value.ConsoleUserList;
import dev.fanfare.config.value.Kind;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.console.ConsoleOptionsBuilder;
import dev.fanfare.console.login.ConsoleUser;
import java.util.List;
import java.util.regex.Pattern;

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
          "Address to serve the console on. Other ones than loopback addresses need"
              + " `console_users`, and `tls_certificate` or `console_insecure`.");

  public static final Option<Integer> CONSOLE_PORT =
      Option.atStart(
          "console_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for the console; 0 picks a free one.");

  static final Option<String> CONSOLE_URL =
      Option.atStart(
          "console_url",
          new Kind.Text(
              Pattern.compile("|https://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?/?"),
              "empty or an https URL without a path"),
          DEFAULTS.url(),
          "What a proxy in front of the console calls it.");

  static final Option<List<ConsoleUser>> CONSOLE_USERS =
      Option.of(
          "console_users",
          new ConsoleUserList(false),
          DEFAULTS.users(),
          "Who may log in to the [console](console.md#users) with a password. Empty: only links"
              + " log in, on this machine.");

  static final Option<List<ConsoleUser>> CONSOLE_USERS_FILE =
      new Option<>(
          "console_users_file",
          CONSOLE_USERS.slot(),
          new ConsoleUserList(true),
          null,
          "Alternative to `console_users`.",
          true);

  static final Option<Boolean> CONSOLE_INSECURE =
      Option.atStart(
          "console_insecure",
          new Kind.OnOff(),
          DEFAULTS.insecure(),
          "Allow the console on other addresses than loopback ones without TLS, behind a proxy that"
              + " has it.");

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
      List.of(
          CONSOLE,
          CONSOLE_HOST,
          CONSOLE_PORT,
          CONSOLE_URL,
          CONSOLE_USERS,
          CONSOLE_USERS_FILE,
          CONSOLE_INSECURE,
          CONSOLE_PAYLOADS,
          CONSOLE_TRACES);

  private ConsoleSchema() {}

  public static ConsoleOptions options(Section server) {
    return ConsoleOptionsBuilder.builder()
        .enabled(server.get(CONSOLE))
        .host(server.get(CONSOLE_HOST))
        .port(server.get(CONSOLE_PORT))
        .url(server.get(CONSOLE_URL))
        .users(server.get(CONSOLE_USERS))
        .insecure(server.get(CONSOLE_INSECURE))
        .payloads(server.get(CONSOLE_PAYLOADS))
        .traces(server.get(CONSOLE_TRACES))
        .build();
  }
}
