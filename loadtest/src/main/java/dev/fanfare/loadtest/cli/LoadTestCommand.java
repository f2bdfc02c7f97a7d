package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.scenario.Catalog;
import dev.fanfare.loadtest.scenario.ScenarioKind;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/// The program's command line.
@Command(
    name = "fanfare-loadtest",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "SCENARIO",
    description = "Loads a server that speaks the Pusher protocol and measures what that costs it.",
    footer = {
      "",
      "Exit codes: 0 success, 1 the server lost or refused something, 2 wrong usage, 3 the run"
          + " could not start or continue, 130 interrupted.",
      "",
      "Example: fanfare-loadtest fanout --port 6001 --subscribers 1000 --publishers 4 --pid 4711"
    })
public final class LoadTestCommand implements Runnable {

  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;

  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandLine.Model.CommandSpec spec;

  /// Runs a command line and returns the exit code. Blocks until done.
  ///
  /// @param interruption ends a run early
  public static int execute(Interruption interruption, String... args) {
    return commandLine(interruption).execute(args);
  }

  static CommandLine commandLine(Interruption interruption) {
    CommandLine root = new CommandLine(new LoadTestCommand());
    for (ScenarioKind kind : Catalog.kinds()) {
      root.addSubcommand(
          kind.name(), scenarioCommand(kind, new ScenarioCommand(kind, interruption)));
    }
    root.addSubcommand(new CompareCommand(interruption));
    root.addSubcommand(new AbuseCommand(interruption));
    root.addSubcommand(new ReportCommand());
    root.registerConverter(Via.class, viaConverter());
    root.setParameterExceptionHandler((failure, _) -> usageError(failure));
    root.setExecutionExceptionHandler((failure, command, _) -> {
      if (failure instanceof Refusal refusal) {
        command.getErr().println(refusal.sentence());
        return refusal.isUsage() ? USAGE : REFUSED;
      }
      throw failure;
    });
    return root;
  }

  /// Prints the synopsis first and the error last, where it is seen.
  private static int usageError(CommandLine.ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    if (command.getParent() == null) {
      command.usage(err);
    } else {
      err.print(command.getHelp().fullSynopsis());
      err.printf("'%s --help' lists all options.%n", command.getCommandSpec().qualifiedName());
    }
    err.println();
    boolean _ = CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println(failure.getMessage());
    return USAGE;
  }

  /// Reads a scenario and its options from one text, or throws a refusal.
  ///
  /// @param text the scenario's name and options
  /// @param extra additional options, which win; those that the scenario does not have are ignored
  static ScenarioCommand scenario(String text, String extra, Interruption interruption) {
    List<String> words = new ArrayList<>(words(text));
    String name = words.removeFirst();
    ScenarioKind kind = kind(name);
    if (kind == null) {
      throw Refusal.usage("There is no scenario '" + name + "'.");
    }
    ScenarioCommand scenario = new ScenarioCommand(kind, interruption);
    CommandLine command = scenarioCommand(kind, scenario).setOverwrittenOptionsAllowed(true);
    words.addAll(known(words(extra), command));
    try {
      var _ = command.parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw Refusal.usage("'" + text.strip() + "': " + e.getMessage());
    }
    return scenario;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+", -1));
  }

  /// The options that a command has, each with its value; refuses those that no scenario has.
  private static List<String> known(List<String> words, CommandLine command) {
    List<String> known = new ArrayList<>();
    boolean isKnown = true;
    for (String word : words) {
      if (word.startsWith("-")) {
        String option = word.split("=", 2)[0];
        isKnown = command.getCommandSpec().findOption(option) != null;
        if (!isKnown && Catalog.kinds().stream().noneMatch(kind -> has(kind, option))) {
          throw Refusal.usage("--options: no scenario has the option " + option + ".");
        }
      }
      if (isKnown) {
        known.add(word);
      }
    }
    return known;
  }

  private static boolean has(ScenarioKind kind, String option) {
    ScenarioCommand scenario = new ScenarioCommand(kind, new Interruption());
    return scenarioCommand(kind, scenario).getCommandSpec().findOption(option) != null;
  }

  private static @Nullable ScenarioKind kind(String name) {
    return Catalog.kinds().stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
  }

  private static CommandLine scenarioCommand(ScenarioKind kind, ScenarioCommand scenario) {
    CommandLine all = withDefaults(kind, new CommandLine(scenario));
    var _ = all.parseArgs(); // sets the defaults of those that are removed next
    CommandLine command = withDefaults(kind, new CommandLine(scenario));
    command.getCommandSpec().usageMessage().description(kind.description());
    command.getCommandSpec().mixinStandardHelpOptions(true);
    for (OptionSpec option : loadOptions(command)) {
      if (!kind.options().contains(option.names()[0])) {
        command.getCommandSpec().remove(option);
      }
    }
    return command;
  }

  private static List<OptionSpec> loadOptions(CommandLine command) {
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    return Objects.requireNonNull(spec.mixins().get(ScenarioCommand.LOAD_OPTIONS))
        .options()
        .stream()
        .map(option -> spec.findOption(option.names()[0]))
        .toList();
  }

  private static CommandLine withDefaults(ScenarioKind kind, CommandLine command) {
    command.registerConverter(Via.class, viaConverter());
    return command.setDefaultValueProvider(option ->
        option instanceof OptionSpec named ? kind.defaults().get(named.names()[0]) : null);
  }

  private static ITypeConverter<Via> viaConverter() {
    return text -> Via.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "The scenario is missing.");
  }
}
