package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.ReadOnlyStore;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.cli.banner.Banner;
import dev.fanfare.cli.banner.Snippets;
import dev.fanfare.config.AppJson;
import dev.fanfare.config.AppRows;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.FreshApp;
import dev.fanfare.config.Reading;
import dev.fanfare.config.layer.Flags;
import dev.fanfare.config.value.Problem;
import dev.fanfare.log.LogConsole;
import dev.fanfare.log.LogOptions;
import dev.fanfare.log.LogOutput;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.node.PartOptionsBuilder;
import dev.fanfare.node.UnusableConfiguration;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.sql.AppDatabase;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.server.ServiceNotifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare start`: runs the server until a signal stops it.
@Command(
    name = "start",
    description = "Start the server (default command).",
    abbreviateSynopsis = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Stopped by SIGTERM or SIGINT.",
      "1:The server failed to start.",
      "2:Wrong command line or configuration.",
      "3:The heap was full (OutOfMemoryError).",
      "4:A thread that serves connections has died.",
      "137:A second signal arrived during shutdown."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class)
final class StartCommand implements Callable<Integer> {

  private static final int FAILED = 1;

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file to read. Default: $FANFARE_CONFIG, or none.")
  private @Nullable Path file;

  private StartCommand(ConfigReader reader) {
    this.reader = reader;
  }

  /// The command, with a flag for each option that may have one.
  ///
  /// @param hasFlags false if none is needed: building them takes a part of the start-up time
  static CommandLine commandLine(ConfigReader reader, boolean hasFlags) {
    CommandLine commandLine = new CommandLine(new StartCommand(reader));
    for (Flags.Flag flag : hasFlags ? Flags.all() : List.<Flags.Flag>of()) {
      commandLine
          .getCommandSpec()
          .addOption(
              OptionSpec.builder(flag.name())
                  .type(String.class)
                  .paramLabel(flag.label())
                  .description(flag.text().replace("%", "%%"))
                  .build());
    }
    return commandLine;
  }

  @Override
  public Integer call() throws InterruptedException {
    return switch (reader.read(file, flags())) {
      case Reading.Good good -> run(good.config(), good.warnings());
      case Reading.Bad bad -> {
        report(bad);
        yield spec.exitCodeOnInvalidInput();
      }
    };
  }

  private void report(Reading.Bad bad) {
    if (bad.log().format() == LogOptions.Format.JSON) {
      LogOutput.setUp(bad.log());
      Logger log = Component.CONFIG.logger();
      bad.problems().forEach(problem -> log.error("{}", problem));
      log.error("not started, problems in the configuration: {}", bad.problems().size());
      LogOutput.flush();
    } else {
      say(spec.commandLine().getErr(), bad.text());
    }
  }

  private int run(Config config, List<Problem> warnings) throws InterruptedException {
    LogOutput.setUp(config.log());
    Logger log = Component.CONFIG.logger();
    HeapExhaustion.handleUncaught(
        (thread, e) -> Component.SERVER.logger().error("thread {} failed", thread.getName(), e));
    refuseRenegotiation();
    warnings.forEach(warning -> log.warn("{}", warning));
    boolean fresh = config.apps().isEmpty() && !config.database().isOn();
    List<App> apps = fresh ? List.of(FreshApp.create(new SecureRandom())) : config.apps();
    FanfareServer server;
    try {
      PartOptions options =
          PartOptionsBuilder.builder()
              .server(config.server())
              .webhooks(config.webhooks())
              .metrics(config.metrics())
              .ledger(config.ledger())
              .history(config.history())
              .cluster(config.cluster())
              .resume(config.resume())
              .console(config.console())
              .telemetry(config.telemetry())
              .operators(config.operators())
              .database(new AppDatabase(config.database(), new AppRows(config)))
              .acme(config.acme())
              .build();
      server = FanfareServer.start(options, apps);
    } catch (UnusableConfiguration e) {
      reportFailure(config.log(), e);
      return spec.exitCodeOnInvalidInput();
    } catch (IOException e) {
      reportFailure(config.log(), e);
      return FAILED;
    }
    Reload reload = new Reload(() -> reader.read(file, flags()), config, server);
    String place = reader.path(file);
    server.manage(
        new AppCatalog(
            new ReadOnlyStore(server.apps(), unchangeable(place, fresh)),
            new AppJson(config.draft(), new SecureRandom())));
    server.offer(
        new RunningProgram(
            () -> reader.read(file, flags()),
            config,
            reload::current,
            place,
            new ConsoleDoctor(config, server)));
    Signals signals =
        new Signals(() -> end(server, reload.drain()), reloads(config, reload, server));
    signals.listen();
    server.readiness().vitals().add(signals.vital());
    server.readiness().vitals().add(LogConsole.vital());
    Address address = Address.of(config.server(), server);
    int port = server.metricsPort();
    Address metrics = port == 0 ? null : new Address(config.metrics().host(), port, "/metrics");
    int consolePort = server.consolePort();
    Address console =
        consolePort == 0 ? null : console(config.console().host(), consolePort, server);
    String tls = tls(config.server().tls(), server);
    String banner = Banner.text(address, server.transport(), tls, metrics, console, apps);
    ServiceNotifier.system().ready();
    announce(config.log(), fresh ? banner + Snippets.text(apps.getFirst(), address) : banner);
    if (console != null && config.log().format() != LogOptions.Format.JSON) {
      String code = server.consoleLink(); // not for a log, which others may read
      say(spec.commandLine().getOut(), code == null ? "" : Banner.login(console, code));
    }
    new CountDownLatch(1).await(); // until the end halts
    return 0;
  }

  /// Why apps are not changed while the server runs, and where they are.
  private static String unchangeable(@Nullable String file, boolean isFresh) {
    if (isFresh) {
      return "the app is a temporary one; define apps in a file, and start the server with it";
    }
    return file == null
        ? "the apps are defined by environment variables; change them there and restart the server"
        : "the apps are defined in " + file + "; change them there and reload";
  }

  private void reportFailure(LogOptions options, IOException e) {
    if (options.format() == LogOptions.Format.JSON) {
      Component.SERVER.logger().error("not started: {}", e.getMessage());
      LogOutput.flush();
    } else {
      say(spec.commandLine().getErr(), "The server cannot start: " + e.getMessage() + "\n");
    }
  }

  /// What SIGHUP does.
  private static List<Runnable> reloads(Config config, Reload reload, FanfareServer server) {
    return config.server().tls().isOn()
        ? List.of(server::reloadCertificates, reload)
        : List.of(reload);
  }

  private static Address console(String host, int port, FanfareServer server) {
    Credentials certificate = server.certificate();
    return certificate == null
        ? new Address(host, port, "")
        : new Address(host, port, "", certificate.hostName());
  }

  /// The certificate in use, and whether plain text is refused; empty without TLS.
  private static String tls(TlsOptions options, FanfareServer server) {
    Credentials certificate = server.certificate();
    if (certificate == null) {
      return options.isOn() ? "no certificate yet; one is being ordered" : "";
    }
    String plain = options.only() ? "; no plain text" : "; plain text on port " + server.port();
    return certificate.subject() + ", valid until " + certificate.expiry() + plain;
  }

  /// The start-up message is a text for people; a JSON log contains it as one event.
  private void announce(LogOptions options, String text) {
    if (options.format() == LogOptions.Format.JSON) {
      Component.SERVER.logger().info("{}", text.strip());
    } else {
      say(spec.commandLine().getOut(), text);
    }
  }

  private static void say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }

  /// A requested shutdown is no failure, yet the JVM would exit with 128 plus the signal number.
  private static void end(FanfareServer server, DrainOptions drain) {
    long startNs = NanoClock.SYSTEM.nanoTime();
    ServiceNotifier.system().stopping();
    server.close(drain);
    double seconds = (NanoClock.SYSTEM.nanoTime() - startNs) / (double) TimeUnit.SECONDS.toNanos(1);
    String time = String.format(Locale.ROOT, "%.1f", seconds);
    Component.SERVER.logger().info("stopped: drained {} in {} s", count(server.drained()), time);
    LogOutput.flush();
    Runtime.getRuntime().halt(0);
  }

  private static String count(int connections) {
    return connections == 1 ? "1 connection" : connections + " connections";
  }

  /// With TLS 1.2, clients could repeat the handshake on one connection without limit. The JDK
  /// reads this property when it first uses TLS, and has no other switch.
  private static void refuseRenegotiation() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  /// The values of flags on the command line, by name.
  private Map<String, String> flags() {
    Map<String, String> flags = new HashMap<>();
    for (OptionSpec option : spec.options()) {
      if (option.type() == String.class && option.getValue() instanceof String value) {
        flags.put(option.longestName(), value);
      }
    }
    return flags;
  }
}
