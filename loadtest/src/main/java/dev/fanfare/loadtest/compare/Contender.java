package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.plan.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server that takes part in a comparison.
public sealed interface Contender {

  /// What it is called in results.
  String name();

  /// Started for each row by a command in which `{port}` stands for its port.
  record Launched(String name, String command) implements Contender {}

  /// Runs already.
  ///
  /// @param pid 0 if its process is not to be measured
  record Running(String name, String host, int port, long pid) implements Contender {}

  /// Reads `name=host:port[,pid]` or `name=command`, or refuses.
  static Contender parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new Refusal(
          "--server '%s' must be name=host:port[,pid] or name=command with {port}."
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
      throw new Refusal("The command of --server %s does not contain {port}.".formatted(name));
    }
    return new Launched(name, what);
  }
}
