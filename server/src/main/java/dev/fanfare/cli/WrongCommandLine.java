package dev.fanfare.cli;

import dev.fanfare.app.Suggestion;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Explains a wrong command line: the error, the name that was probably meant, and where to find
/// help. Never repeats the value of an unknown option, which may be a secret.
final class WrongCommandLine implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    if (e.getCause() instanceof CommandError error) {
      return error.report(command); // a converter has said all about the value
    }
    PrintWriter err = command.getErr();
    err.println(
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(command, unmatched.getUnmatched())
            : e.getMessage());
    err.println("`" + command.getCommandSpec().qualifiedName() + " --help` shows the usage.");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String unmatched(CommandLine command, List<String> arguments) {
    String first = arguments.getFirst();
    if (first.startsWith("-")) {
      String name = first.replaceFirst("=.*", "");
      return "Unknown option " + name + "." + hint(option(command, name));
    }
    boolean hasCommands = !command.getSubcommands().isEmpty();
    return hasCommands
        ? "Unknown command " + first + "." + hint(subcommand(command, first))
        : "Unexpected argument " + first + ".";
  }

  private static @Nullable String option(CommandLine command, String name) {
    Suggestion names = new Suggestion();
    for (OptionSpec option : command.getCommandSpec().options()) {
      names.add(bare(option.longestName()), option.longestName());
    }
    return names.to(bare(name));
  }

  private static @Nullable String subcommand(CommandLine command, String name) {
    Suggestion names = new Suggestion();
    command.getSubcommands().keySet().forEach(each -> names.add(each, each));
    return names.to(name);
  }

  /// Without leading dashes, which would make short names look alike.
  private static String bare(String option) {
    return option.replaceFirst("^-+", "");
  }

  private static String hint(@Nullable String meant) {
    return meant == null ? "" : " Did you mean " + meant + "?";
  }
}
