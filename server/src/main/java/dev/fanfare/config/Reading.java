package dev.fanfare.config;

import java.util.List;

/// The outcome of reading a configuration.
public sealed interface Reading {

  /// It can be started with; the warnings are worth a look.
  record Good(Config config, List<Problem> warnings) implements Reading {}

  /// It cannot be started with.
  ///
  /// @param problems all the reasons
  /// @param log how to log them, as far as that could be read
  record Bad(List<Problem> problems, LogOptions log) implements Reading {

    /// All of it for a terminal.
    public String text() {
      StringBuilder out = new StringBuilder();
      out.append(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
      out.append(" in the configuration:\n\n");
      problems.forEach(problem -> out.append("  ").append(problem).append('\n'));
      return out.append("\n`fanfare config reference` prints every option.\n").toString();
    }
  }
}
