package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.compare.ComparedServer;
import dev.fanfare.loadtest.compare.Comparison;
import dev.fanfare.loadtest.compare.Rounds;
import dev.fanfare.loadtest.compare.Row;
import dev.fanfare.loadtest.compare.TargetTable;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.ResultFile;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.TextTable;
import dev.fanfare.loadtest.scenario.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs the same loads against several servers, in turn.
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Runs the same loads against several servers in interleaved rounds.",
    footer = {
      "",
      "Example: fanfare-loadtest compare --table fanfare --server-cpu 0 --pin 1 --rounds 3"
          + " --server 'fanfare=java -jar fanfare.jar --port {port}'"
          + " --server 'soketi=./soketi.sh {port}' --markdown table.md --html table.html"
    })
@SuppressWarnings("NullAway.Init") // picocli sets them
final class CompareCommand implements Callable<Integer> {

  private static final int MAX_ROUNDS = 25;

  private final Interruption interruption;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private TargetOptions targetOptions;
  @Mixin private GeneratorOptions generatorOptions;
  @Mixin private OutputOptions outputOptions;

  @Option(
      names = "--server",
      required = true,
      paramLabel = "NAME=WHAT",
      description =
          "A server: NAME=HOST:PORT[,PID] if it is running, or NAME=COMMAND to start it, with"
              + " {port} in the command. Goals apply to the first. Repeatable.")
  private List<String> servers;

  @Option(
      names = "--scenario",
      paramLabel = "'NAME OPTIONS'",
      description = "A load, such as 'fanout --subscribers 500'. Repeatable.")
  private List<String> scenarios = List.of();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = "",
      description = "A predefined list of loads with goals: fanfare.")
  private String table;

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "Runs of each load on each server. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--options",
      paramLabel = "'OPTIONS'",
      defaultValue = "",
      description = "Options added to every load that has them, such as '--duration 5 --warmup 2'.")
  private String extra;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The server that others are compared with. Default: soketi, else the last one.")
  private String baseline;

  @Option(
      names = "--server-cpu",
      defaultValue = "",
      paramLabel = "CPU",
      description = "Run started servers on these cores (taskset).")
  private String serverCpus;

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      defaultValue = "7400",
      description = "The first port of started servers. Default: ${DEFAULT-VALUE}.")
  private int basePort;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as Markdown.")
  private @Nullable Path markdown;

  CompareCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    List<ComparedServer> contenders = servers.stream().map(ComparedServer::parse).toList();
    List<Row> rows = rows();
    // Before the first server is started.
    rows.forEach(row -> parse(row).load());
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw Refusal.usage(
          "--rounds is %d, but must be from 1 to %d.".formatted(rounds, MAX_ROUNDS));
    }
    generatorOptions.pin();
    Rounds all = new Rounds(contenders, rounds, basePort, serverCpus, this::runOnce, interruption);
    List<Comparison.Line> lines = new ArrayList<>();
    for (Row row : rows) {
      if (!interruption.isRequested()) {
        all.line(row).ifPresent(lines::add);
      }
    }
    if (lines.isEmpty()) {
      throw new Refusal("Interrupted before every server had a result.");
    }
    Comparison comparison =
        new Comparison(lines, contenders.getFirst().name(), baselineOf(contenders));
    System.out.println(comparison.markdown());
    if (markdown != null) {
      ResultFile.text(markdown, comparison.markdown());
    }
    outputOptions.write(Environment.of(spec), comparison.results());
    return comparison.failed() ? LoadTestCommand.FAILED : 0;
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    if (table.equals("fanfare")) {
      rows.addAll(TargetTable.fanfare());
    } else if (!table.isEmpty()) {
      throw Refusal.usage("There is no table '" + table + "'; the only one is fanfare.");
    }
    scenarios.forEach(text -> rows.add(Row.of(text)));
    if (rows.isEmpty()) {
      throw Refusal.usage("No load given: use --table fanfare or --scenario.");
    }
    return rows;
  }

  private ScenarioCommand parse(Row row) {
    return LoadTestCommand.scenario(row.command(), extra, interruption);
  }

  private String baselineOf(List<ComparedServer> contenders) {
    List<String> names = contenders.stream().map(ComparedServer::name).toList();
    if (!baseline.isEmpty() && !names.contains(baseline)) {
      throw Refusal.usage("--baseline is " + baseline + ", but no --server has that name.");
    }
    return !baseline.isEmpty() ? baseline : names.contains("soketi") ? "soketi" : names.getLast();
  }

  private RunResult runOnce(Row row, String server, String host, int port, long pid) {
    ServerProcess process = pid == 0 ? null : ServerProcess.of(pid);
    Subject subject = Subject.of(server, targetOptions.at(host, port), process);
    ScenarioCommand command = parse(row);
    RunResult result = command.run(command.load(), subject, generatorOptions, outputOptions);
    System.err.println(TextTable.of(result));
    return result;
  }
}
