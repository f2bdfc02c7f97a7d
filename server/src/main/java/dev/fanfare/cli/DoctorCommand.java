package dev.fanfare.cli;

import dev.fanfare.app.Secret;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.doctor.Doctor;
import dev.fanfare.doctor.NodePair;
import dev.fanfare.doctor.report.EngineReport;
import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.ReportJson;
import dev.fanfare.doctor.report.ReportText;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.AppCredentials;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare doctor`: finds out why clients cannot connect.
@Command(
    name = "doctor",
    description = {
      "Find out why clients cannot connect: retraces a client's connection step by step, from name"
          + " resolution to a delivered event.",
      "Without an app's key, the steps that need one are skipped.",
      "With --bus: find out why nodes do not join, through the configured engine."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:No step failed.",
      "1:A step failed.",
      "2:Wrong command line or configuration."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class)
final class DoctorCommand implements Callable<Integer> {

  private static final int FAILED = 1;

  /// Shorter texts are not masked: that would garble the output.
  private static final int MIN_SECRET_CHARS = 8;

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DoctorOption patient = new DoctorOption();

  @Option(
      names = "--proxy",
      paramLabel = "PROXY",
      description =
          "Proxy in front, if its answers do not reveal it: nginx, caddy, apache, traefik.")
  private @Nullable ProxyKind proxy;

  @Option(
      names = "--print-proxy",
      paramLabel = "PROXY",
      description =
          "Only print a configuration block for this proxy and URL: nginx, caddy, apache, traefik.")
  private @Nullable ProxyKind printed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--bus",
      description =
          "Examine the configured engine of the cluster instead, listen for other nodes, and with"
              + " two --url send events from each of them to the other.")
  private boolean bus;

  DoctorCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (bus) {
      return examineBus();
    }
    DoctorOption.Patient chosen = patient.choose(reader, environment, printed == null);
    return printed == null ? examine(chosen) : print(chosen, printed);
  }

  private int print(DoctorOption.Patient patient, ProxyKind kind) {
    say(spec.commandLine().getOut(), block(patient, 0).text(kind));
    return spec.exitCodeOnSuccess();
  }

  private int examine(DoctorOption.Patient patient) {
    DoctorOptions options = patient.options();
    Report report;
    try {
      report = new Doctor(InstantSource.system()).examine(options);
    } catch (IOException e) {
      throw CommandError.usage("fanfare: " + e.getMessage());
    }
    ProxyKind kind = proxy == null ? report.proxy() : proxy;
    String block =
        report.blamesProxy() && kind != null
            ? block(patient, report.activitySeconds()).text(kind)
            : null;
    String text = json ? ReportJson.of(report, block) + "\n" : text(report, block);
    say(spec.commandLine().getOut(), hush(text, options.credentials()));
    return report.isGood() ? spec.exitCodeOnSuccess() : FAILED;
  }

  private int examineBus() {
    List<DoctorOptions> nodes = patient.pair(reader, environment);
    EngineReport report = new EngineExamination(patient.config(reader)).run(patient.timeout());
    if (!nodes.isEmpty()) {
      try {
        report =
            report.and(new NodePair(InstantSource.system()).examine(nodes.get(0), nodes.get(1)));
      } catch (IOException e) {
        throw CommandError.usage("fanfare: " + e.getMessage());
      }
    }
    String text = json ? ReportJson.of(report) + "\n" : style().of(report);
    say(
        spec.commandLine().getOut(),
        nodes.isEmpty() ? text : hush(text, nodes.getFirst().credentials()));
    return report.isGood() ? spec.exitCodeOnSuccess() : FAILED;
  }

  /// Answers are quoted, and a misconfigured application may reveal its secret in one.
  static String hush(String text, AppCredentials credentials) {
    Secret secret = credentials.secret();
    boolean isLong = secret != null && secret.reveal().length() >= MIN_SECRET_CHARS;
    return secret != null && isLong ? text.replace(secret.reveal(), secret.toString()) : text;
  }

  /// @param announced the server's activity timeout in seconds; 0 for the configured one
  private static ProxyBlock block(DoctorOption.Patient patient, int announced) {
    int seconds = announced == 0 ? patient.activitySeconds() : announced;
    return new ProxyBlock(patient.options().url().site(), patient.upstream(), seconds);
  }

  private ReportText style() {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    String encoding = System.getProperty("stdout.encoding", "US-ASCII");
    boolean symbols = isTerminal && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    boolean colours = isTerminal && !environment.containsKey("NO_COLOR");
    return new ReportText(symbols, colours);
  }

  private String text(Report report, @Nullable String block) {
    String text = style().of(report);
    if (!report.blamesProxy()) {
      return text;
    }
    return block == null
        ? text
            + "\nIf there is a proxy, --print-proxy prints its configuration block: "
            + names()
            + ".\n"
        : text + "\nConfiguration block for the proxy, for this URL:\n\n" + block;
  }

  private static String names() {
    return Arrays.stream(ProxyKind.values())
        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static void say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }
}
