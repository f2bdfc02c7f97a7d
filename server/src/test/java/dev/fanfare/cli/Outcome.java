package dev.fanfare.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/// What a command has printed, and its exit code.
record Outcome(int exitCode, String out, String err) {

  /// Runs a command until it ends.
  ///
  /// @param environment the variables that it sees
  /// @param words the command and its arguments
  static Outcome of(Map<String, String> environment, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine(environment, words);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(words);
    return new Outcome(exitCode, out.toString(), err.toString());
  }
}
