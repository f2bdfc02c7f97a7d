package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.abuse.AbusePlan;
import dev.fanfare.loadtest.abuse.AbuseTable;
import dev.fanfare.loadtest.abuse.AttackCatalog;
import dev.fanfare.loadtest.abuse.Examination;
import dev.fanfare.loadtest.abuse.ExaminedServer;
import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.compare.ComparedServer;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.ResultFile;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.scenario.Progress;
import dev.fanfare.loadtest.scenario.Subject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Attacks a server beside clients that must not notice.
@Command(
    name = "abuse",
    mixinStandardHelpOptions = true,
    description =
        "Attacks a server in many ways, each for a limited time, beside clients that must not"
            + " notice.",
    footer = {
      "",
      "Exit code 1 if the server ended, lost an event, disconnected or refused a bystander, or is"
          + " not as before within 10 s of an attack. Latencies are reported and do not decide.",
      "",
      "Example: fanfare-loadtest abuse --port 6001 --metrics-port 9601 --pid 4711"
    })
@SuppressWarnings("NullAway.Init") // picocli sets them
final class AbuseCommand implements Callable<Integer> {

  private static final int MAX_SOCKETS = 10_000;
  private static final long MAX_DURATION_NS = 3_600_000_000_000L;
  private static final long MIN_DURATION_NS = 100_000_000L;

  /// The most sockets if the server's limit is unknown.
  private static final int DEFAULT_SOCKETS = 1_000;

  /// Files that attackers need besides their sockets.
  private static final int SPARE_FILES = 100;

  private final Interruption interruption;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private TargetOptions targetOptions;
  @Mixin private OutputOptions outputOptions;

  @Option(
      names = "--server",
      paramLabel = "NAME=COMMAND",
      defaultValue = "",
      description =
          "Start this server on --port, with {port} and perhaps {metrics-port} in the command, and"
              + " start it again if an attack ends it.")
  private String server;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      defaultValue = "0",
      description = "The process of a running server: watches its memory, files and survival.")
  private long pid;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Fanfare's metrics port on the same host: checks gauges, and attacks that port too.")
  private int metricsPort;

  @Option(
      names = "--seconds",
      paramLabel = "TIME",
      defaultValue = "10",
      converter = DurationConverter.class,
      description = "Duration of each attack. Default: ${DEFAULT-VALUE}.")
  private long durationNs;

  @Option(
      names = "--recovery",
      paramLabel = "TIME",
      defaultValue = "10",
      converter = DurationConverter.class,
      description = "The most that the server may take to be as before. Default: ${DEFAULT-VALUE}.")
  private long recoveryNs;

  @Option(
      names = "--sockets",
      paramLabel = "COUNT",
      defaultValue = "0",
      description =
          "The most sockets of an attack. Default: 1.2 times the server's open-file limit, at most"
              + " 2,000; 1,000 if it is unknown.")
  private int sockets;

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      split = ",",
      description = "Only this attack. Repeatable. 'list' lists them.")
  private List<String> attacks = List.of();

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as Markdown.")
  private @Nullable Path markdown;

  AbuseCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    if (attacks.equals(List.of("list"))) {
      spec.commandLine().getOut().print(list());
      return 0;
    }
    Target target = targetOptions.target();
    requireBounds();
    List<AttackKind> kinds = kinds();
    try (ExaminedServer examined = examined(target)) {
      int most = mostSockets(examined.process());
      List<AttackKind> possible =
          kinds.stream()
              .filter(kind -> !kind.needsMetrics() || examined.metrics() != null)
              .toList();
      Progress progress = outputOptions.progress();
      Examination examination =
          new Examination(
              examined,
              new AbusePlan(possible, most, durationNs, recoveryNs),
              interruption,
              progress::show);
      List<RunResult> results =
          examination.run().stream()
              .map(result -> Environment.addTo(result, subject(examined)))
              .toList();
      progress.clear();
      return finish(results, possible.size());
    }
  }

  private int finish(List<RunResult> results, int planned) {
    AbuseTable table = new AbuseTable(results);
    PrintWriter out = spec.commandLine().getOut();
    out.println(table.plain());
    if (results.size() < planned) {
      out.printf("%d of %d attacks were not run.%n", planned - results.size(), planned);
    }
    if (markdown != null) {
      ResultFile.text(markdown, table.markdown());
    }
    outputOptions.write(Environment.of(spec), results);
    boolean failed = results.size() < planned || results.stream().anyMatch(RunResult::failed);
    return failed ? LoadTestCommand.FAILED : 0;
  }

  private static Subject subject(ExaminedServer examined) {
    return Subject.of(examined.name(), examined.target(), examined.process());
  }

  private ExaminedServer examined(Target target) {
    if (server.isEmpty()) {
      ServerProcess process = pid == 0 ? null : ServerProcess.of(pid);
      return ExaminedServer.running(target.authority(), target, metricsPort, process);
    }
    if (!(ComparedServer.parse(server) instanceof ComparedServer.Launched command)) {
      throw Refusal.usage("--server is an address: use --host, --port and --pid instead.");
    }
    return ExaminedServer.launch(command, target);
  }

  private int mostSockets(@Nullable ServerProcess process) {
    long own = ServerProcess.ownFileLimit();
    if (own > 0 && sockets + SPARE_FILES > own) {
      throw new Refusal(
          "This process may open %,d files, too few for %,d sockets. Raise the limit (ulimit -n)."
              .formatted(own, sockets));
    }
    if (sockets > 0) {
      return sockets;
    }
    long limit = process == null ? 0 : process.fileLimit();
    long most = limit == 0 ? DEFAULT_SOCKETS : Math.min(2_000, limit * 6 / 5);
    return (int) (own > 0 ? Math.min(most, own - SPARE_FILES) : most);
  }

  private void requireBounds() {
    if (sockets < 0 || sockets > MAX_SOCKETS) {
      throw Refusal.usage(
          "--sockets is %d, but must be from 1 to %d.".formatted(sockets, MAX_SOCKETS));
    }
    if (durationNs < MIN_DURATION_NS || durationNs > MAX_DURATION_NS) {
      throw Refusal.usage("--seconds must be from 100ms to 1h.");
    }
    if (recoveryNs < MIN_DURATION_NS || recoveryNs > MAX_DURATION_NS) {
      throw Refusal.usage("--recovery must be from 100ms to 1h.");
    }
    if (metricsPort < 0 || metricsPort > 65_535) {
      throw Refusal.usage("--metrics-port is %d, which is not a port.".formatted(metricsPort));
    }
  }

  private List<AttackKind> kinds() {
    List<String> known = AttackCatalog.kinds().stream().map(AttackKind::name).toList();
    for (String name : attacks) {
      if (!known.contains(name)) {
        throw Refusal.usage(
            "There is no attack '%s'; there are %s.".formatted(name, String.join(", ", known)));
      }
    }
    return AttackCatalog.kinds().stream()
        .filter(kind -> attacks.isEmpty() || attacks.contains(kind.name()))
        .toList();
  }

  private static String list() {
    return AttackCatalog.kinds().stream()
        .map(kind -> "%-24s %s%n".formatted(kind.name(), kind.description()))
        .collect(Collectors.joining());
  }
}
