package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.scenario.Catalog;
import dev.fanfare.loadtest.scenario.ScenarioKind;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;

/// The program's command line.
@Command(
    name = "fanfare-loadtest",
    mixinStandardHelpOptions = true,
    version = "fanfare-loadtest 1.0",
    synopsisSubcommandLabel = "SCENARIO",
    description = "Loads a server that speaks the Pusher protocol, and tells what that costs it.",
    footer = {
      "",
      "Exit codes: 0 all is well, 1 the server lost or refused something, 2 wrong usage, 3 the run"
          + " could not start or go on.",
      "",
      "Example: fanfare-loadtest fanout --port 6001 --subscribers 1000 --publishers 4 --pid 4711"
    })
public final class LoadTestCommand implements Runnable {

  static final int FAILED = 1;
  static final int REFUSED = 3;

  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandLine.Model.CommandSpec spec;

  /// Runs a command line and returns the exit code. Blocks until done.
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    CommandLine root = new CommandLine(new LoadTestCommand());
    for (ScenarioKind kind : Catalog.kinds()) {
      root.addSubcommand(kind.name(), scenarioCommand(kind, false));
    }
    root.addSubcommand(new CompareCommand());
    root.addSubcommand(new ReportCommand());
    root.registerConverter(Via.class, viaConverter());
    root.setExecutionExceptionHandler((failure, command, _) -> {
      if (failure instanceof Refusal refusal) {
        command.getErr().println(refusal.sentence());
        return REFUSED;
      }
      throw failure;
    });
    return root;
  }

  /// Reads a scenario and its options from one text, or refuses. A later option wins.
  static ScenarioCommand scenario(String text) {
    String[] words = text.strip().split("\\s+", -1);
    for (ScenarioKind kind : Catalog.kinds()) {
      if (kind.name().equals(words[0])) {
        CommandLine command = scenarioCommand(kind, true);
        try {
          var _ = command.parseArgs(Arrays.copyOfRange(words, 1, words.length));
        } catch (CommandLine.ParameterException e) {
          throw new Refusal("'" + text.strip() + "': " + e.getMessage());
        }
        return command.getCommand();
      }
    }
    throw new Refusal("There is no scenario '" + words[0] + "'.");
  }

  private static CommandLine scenarioCommand(ScenarioKind kind, boolean overwritable) {
    CommandLine command = new CommandLine(new ScenarioCommand(kind));
    command.registerConverter(Via.class, viaConverter());
    command.getCommandSpec().usageMessage().description(kind.description());
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.setOverwrittenOptionsAllowed(overwritable);
    command.setDefaultValueProvider(option ->
        option instanceof CommandLine.Model.OptionSpec named
            ? kind.defaults().get(named.names()[0])
            : null);
    return command;
  }

  private static ITypeConverter<Via> viaConverter() {
    return text -> Via.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which scenario?");
  }
}
