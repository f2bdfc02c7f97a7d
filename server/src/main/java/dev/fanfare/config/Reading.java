package dev.fanfare.config;

import dev.fanfare.config.value.Problem;
import dev.fanfare.log.LogOptions;
import java.util.List;

/// The outcome of reading a configuration.
public sealed interface Reading {

  /// A valid configuration, perhaps with warnings.
  record Good(Config config, List<Problem> warnings) implements Reading {}

  /// An invalid configuration.
  ///
  /// @param problems all its errors
  /// @param log how to log them, as far as that could be read
  record Bad(List<Problem> problems, LogOptions log) implements Reading {

    /// All errors, for a terminal.
    public String text() {
      StringBuilder out = new StringBuilder();
      out.append(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
      out.append(" in the configuration:\n\n");
      problems.forEach(problem -> out.append("  ").append(problem).append('\n'));
      return out.append("\n`fanfare config reference` prints every option.\n").toString();
    }
  }
}
