package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.TextTable;
import dev.fanfare.loadtest.scenario.Rig;
import dev.fanfare.loadtest.scenario.Scenario;
import dev.fanfare.loadtest.scenario.ScenarioKind;
import dev.fanfare.loadtest.scenario.Subject;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs one scenario against one server.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class ScenarioCommand implements Callable<Integer> {

  /// The field by which picocli names the mixin.
  static final String LOAD_OPTIONS = "loadOptions";

  private final ScenarioKind kind;
  private final Interruption interruption;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private TargetOptions targetOptions;
  @Mixin private NodeOptions nodeOptions;
  @Mixin private LoadOptions loadOptions;
  @Mixin private GeneratorOptions generatorOptions;
  @Mixin private OutputOptions outputOptions;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The server's name in the results. Default: host:port.")
  private String serverName;

  ScenarioCommand(ScenarioKind kind, Interruption interruption) {
    this.kind = kind;
    this.interruption = interruption;
  }

  /// The load; throws a refusal that names every option out of bounds.
  Load load() {
    return loadOptions.load();
  }

  GeneratorOptions generator() {
    return generatorOptions;
  }

  /// Runs the scenario with that load against a server. Blocks until done.
  RunResult run(Load load, Subject subject, GeneratorOptions generator, OutputOptions output) {
    GeneratorOptions.requireFiles(load.held());
    Scenario scenario = kind.constructor().get();
    SourceAddresses sources = generator.sources(scenario.connectionsMade(load), subject.target());
    GeneratorLoop loop = new GeneratorLoop(generator.polling(), interruption);
    try (Rig rig = new Rig(subject, loop, sources, output.progress())) {
      return Environment.addTo(scenario.run(rig, load), subject);
    }
  }

  @Override
  public Integer call() {
    List<Target> targets = nodeOptions.targets(targetOptions);
    Load load = load();
    ServerProcess server = nodeOptions.process();
    generatorOptions.pin();
    String name =
        serverName.isEmpty()
            ? targets.stream().map(Target::authority).collect(Collectors.joining(", "))
            : serverName;
    RunResult result =
        run(load, new Subject(name, targets, server), generatorOptions, outputOptions);
    System.out.println(TextTable.of(result));
    outputOptions.write(Environment.of(spec), List.of(result));
    return result.failed() ? LoadTestCommand.FAILED : 0;
  }
}
