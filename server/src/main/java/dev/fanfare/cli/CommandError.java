package dev.fanfare.cli;

import dev.fanfare.config.Config;
import dev.fanfare.config.Reading;
import picocli.CommandLine;

/// Ends a command with a text for its user. Options and commands throw it, and picocli passes it to
/// [#handle].
final class CommandError extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;
  private final String text;

  /// @param text whole lines
  CommandError(int exitCode, String text) {
    super(text, null, false, false);
    this.exitCode = exitCode;
    this.text = text;
  }

  /// The command line or the configuration is wrong.
  ///
  /// @param sentence one line
  static CommandError usage(String sentence) {
    return new CommandError(CommandLine.ExitCode.USAGE, sentence + "\n");
  }

  /// The configuration that was read, unless it has a problem.
  static Config require(Reading reading) {
    return switch (reading) {
      case Reading.Good good -> good.config();
      case Reading.Bad bad -> throw new CommandError(CommandLine.ExitCode.USAGE, bad.text());
    };
  }

  /// Whole lines.
  String text() {
    return text;
  }

  /// Prints the text; returns the exit code.
  int report(CommandLine command) {
    command.getErr().print(text);
    command.getErr().flush();
    return exitCode;
  }

  /// The handler for picocli; other exceptions are faults.
  static int handle(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CommandError error) {
      return error.report(command);
    }
    throw e;
  }
}
