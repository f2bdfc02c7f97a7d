package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.plan.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server to compare.
public sealed interface ComparedServer {

  /// Its name in results.
  String name();

  /// Started for each row by a command that contains `{port}`.
  record Launched(String name, String command) implements ComparedServer {}

  /// Already running.
  ///
  /// @param pid 0 if its process is not measured
  record Running(String name, String host, int port, long pid) implements ComparedServer {}

  /// Reads `NAME=HOST:PORT[,PID]` or `NAME=COMMAND`; throws a refusal for anything else.
  static ComparedServer parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw Refusal.usage(
          "--server is '%s', but must be NAME=HOST:PORT[,PID] or NAME=COMMAND with {port}."
              .formatted(text));
    }
    String name = text.substring(0, equals);
    String what = text.substring(equals + 1);
    Matcher running = Pattern.compile("(\\S+):(\\d{1,5})(?:,(\\d{1,9}))?").matcher(what);
    if (running.matches()) {
      String pid = running.group(3);
      return new Running(
          name,
          running.group(1),
          Integer.parseInt(running.group(2)),
          pid == null ? 0 : Long.parseLong(pid));
    }
    if (!what.contains("{port}")) {
      throw Refusal.usage("The command of --server %s does not contain {port}.".formatted(name));
    }
    return new Launched(name, what);
  }
}
