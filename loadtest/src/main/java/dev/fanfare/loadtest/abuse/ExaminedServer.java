package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.compare.ComparedServer;
import dev.fanfare.loadtest.compare.LaunchedServer;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Target;
import org.jspecify.annotations.Nullable;

/// The server under attack: running already, or started here and again if it ends. Confined to one
/// thread.
public final class ExaminedServer implements AutoCloseable {

  private final String name;
  private final Target target;
  private final @Nullable Target metrics;
  private final ComparedServer.@Nullable Launched command;

  private @Nullable LaunchedServer launched;
  private @Nullable ServerProcess process;
  private long startTicks;

  private ExaminedServer(
      String name,
      Target target,
      @Nullable Target metrics,
      ComparedServer.@Nullable Launched command) {
    this.name = name;
    this.target = target;
    this.metrics = metrics;
    this.command = command;
  }

  /// A server that is running.
  ///
  /// @param metricsPort on the same host; 0 if metrics are not scraped and not attacked
  /// @param process `null` if it is not watched
  public static ExaminedServer running(
      String name, Target target, int metricsPort, @Nullable ServerProcess process) {
    ExaminedServer server = new ExaminedServer(name, target, metrics(target, metricsPort), null);
    server.identify(process);
    return server;
  }

  /// Starts a server; throws a refusal if it does not accept connections.
  ///
  /// @param command may contain `{metrics-port}`, which becomes the port after the target's
  public static ExaminedServer launch(ComparedServer.Launched command, Target target) {
    int metricsPort = command.command().contains("{metrics-port}") ? target.port() + 1 : 0;
    String filled = command.command().replace("{metrics-port}", Integer.toString(metricsPort));
    ExaminedServer server =
        new ExaminedServer(
            command.name(),
            target,
            metrics(target, metricsPort),
            new ComparedServer.Launched(command.name(), filled));
    boolean _ = server.restart();
    return server;
  }

  private static @Nullable Target metrics(Target target, int port) {
    return port == 0 ? null : target.withPort(port).withTls(false).withInsecure(false);
  }

  /// Starts it again; false if it was not started here.
  boolean restart() {
    if (command == null) {
      return false;
    }
    close();
    LaunchedServer started = LaunchedServer.start(command, target.port(), "");
    launched = started;
    identify(ServerProcess.of(started.pid()));
    return true;
  }

  private void identify(@Nullable ServerProcess found) {
    process = found;
    startTicks = found == null ? 0 : found.startTicks();
  }

  /// True if the process is the same as at the beginning, or not watched.
  boolean isAlive() {
    return process == null || startTicks == process.startTicks();
  }

  public String name() {
    return name;
  }

  public Target target() {
    return target;
  }

  /// Host and port of the metrics, `null` if they are not used.
  public @Nullable Target metrics() {
    return metrics;
  }

  public @Nullable ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    if (launched != null) {
      launched.close();
      launched = null;
    }
  }
}
