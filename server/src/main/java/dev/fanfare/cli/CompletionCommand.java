package dev.fanfare.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `fanfare completion`: prints a completion script for the shell.
@Command(
    name = "completion",
    description = {
      "Print a completion script for bash and zsh.",
      "Load it with: source <(fanfare completion)"
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class)
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    // All commands with all flags, of which this run may have built only its own.
    String script = AutoComplete.bash("fanfare", Main.commandLine(Map.of()));
    PrintWriter out = spec.commandLine().getOut();
    out.print(script);
    out.flush();
    return spec.exitCodeOnSuccess();
  }
}
