package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.TextTable;
import dev.fanfare.loadtest.scenario.Rig;
import dev.fanfare.loadtest.scenario.Scenario;
import dev.fanfare.loadtest.scenario.ScenarioKind;
import dev.fanfare.loadtest.scenario.Subject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs one scenario against one server.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class ScenarioCommand implements Callable<Integer> {

  private final ScenarioKind kind;

  @Mixin private TargetOptions targetOptions;
  @Mixin private LoadOptions loadOptions;
  @Mixin private GeneratorOptions generatorOptions;
  @Mixin private OutputOptions outputOptions;

  @Option(
      names = "--pid",
      defaultValue = "0",
      description = "The server's process: measures its CPU time, memory and, of a JVM, heap.")
  private long pid;

  @Option(
      names = "--name",
      defaultValue = "",
      description = "What to call the server in results. Default: host:port.")
  private String serverName;

  ScenarioCommand(ScenarioKind kind) {
    this.kind = kind;
  }

  /// The load asked for, or a refusal.
  Load load() {
    Load load = loadOptions.load();
    if (load.isForFanout() && !kind.name().equals("fanout")) {
      throw new Refusal(
          "--stalled, --probe and --compressed are for fanout; %s has no use for them."
              .formatted(kind.name()));
    }
    return load;
  }

  GeneratorOptions generator() {
    return generatorOptions;
  }

  /// Runs the scenario with that load against a server. Blocks until done.
  RunResult run(Load load, Subject subject, GeneratorOptions generator, OutputOptions output) {
    GeneratorOptions.requireFiles(load.held());
    Scenario scenario = kind.maker().get();
    SourceAddresses sources = generator.sources(scenario.connectionsMade(load), subject.target());
    try (Rig rig = new Rig(subject, generator.loop(), sources, output.progress())) {
      return scenario.run(rig, load);
    }
  }

  @Override
  public Integer call() {
    Target target = targetOptions.target();
    Load load = load();
    ServerProcess server = pid == 0 ? null : ServerProcess.of(pid);
    generatorOptions.pin();
    String name = serverName.isEmpty() ? target.authority() : serverName;
    RunResult result =
        run(load, new Subject(name, target, server), generatorOptions, outputOptions);
    System.out.println(TextTable.of(result));
    outputOptions.write(List.of(result));
    return result.failed() ? LoadTestCommand.FAILED : 0;
  }
}
