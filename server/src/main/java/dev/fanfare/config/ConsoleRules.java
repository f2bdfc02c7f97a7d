package dev.fanfare.config;

import dev.fanfare.config.schema.ConsoleSchema;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.TlsSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.protocol.Parsed;

/// Checks the settings of the console: beyond loopback, it needs users and TLS.
final class ConsoleRules {

  private ConsoleRules() {}

  static void run(Section server, Problems problems) {
    if (!server.get(ConsoleSchema.CONSOLE)) {
      return;
    }
    ConsoleOptions options = ConsoleSchema.options(server);
    Setting<String> host = server.setting(ConsoleSchema.CONSOLE_HOST);
    boolean hasTls = !server.get(TlsSchema.CERTIFICATE).isEmpty();
    if (options.check(hasTls) instanceof Parsed.Bad(String reason)) {
      problems.error(host.source(), host.name() + " is \"" + host.value() + "\", " + reason);
    }
  }
}
