package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server process that is started and stopped here. Blocks the calling thread.
public final class LaunchedServer implements AutoCloseable {

  private static final long START_NS = 120_000_000_000L;
  private static final int RETRY_MILLIS = 100;
  private static final int SETTLE_MILLIS = 500;
  private static final int STOP_SECONDS = 10;
  private static final int LAST_CHARS = 600;

  private final String name;
  private final Process process;
  private final Path log;

  private LaunchedServer(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /// Starts a server and waits until it accepts connections; throws a refusal with the end of its
  /// output if it does not.
  ///
  /// @param cpus the cores it may use, as taskset writes them; empty for all
  public static LaunchedServer start(ComparedServer.Launched contender, int port, String cpus) {
    if (accepts(port)) {
      throw new Refusal("Port %d is in use; choose another --base-port.".formatted(port));
    }
    try {
      Path log = Files.createTempFile("loadtest-" + contender.name() + "-", ".log");
      Process process =
          new ProcessBuilder(command(contender, port, cpus))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      LaunchedServer server = new LaunchedServer(contender.name(), process, log);
      server.awaitReady(port);
      return server;
    } catch (IOException e) {
      throw new Refusal(contender.name() + " cannot be started: " + e.getMessage() + ".");
    }
  }

  /// What is executed: the command, deaf to Ctrl-C, which must not stop the server before it was
  /// measured, and to the end of the terminal.
  ///
  /// It stays in this program's session. Linux schedules sessions as groups (autogroup), and one
  /// that often sleeps waits for hundreds of milliseconds behind one that never does.
  static List<String> command(ComparedServer.Launched contender, int port, String cpus) {
    List<String> command = new ArrayList<>();
    if (!cpus.isEmpty()) {
      command.addAll(List.of("taskset", "--cpu-list", cpus));
    }
    String filled = contender.command().replace("{port}", Integer.toString(port));
    command.addAll(List.of("bash", "-c", "trap '' INT HUP; exec " + filled));
    return command;
  }

  public long pid() {
    return process.pid();
  }

  private void awaitReady(int port) throws IOException {
    long deadline = System.nanoTime() + START_NS;
    while (!accepts(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        String output = lastOutput();
        close();
        throw new Refusal("%s did not start. The end of its output:%n%s".formatted(name, output));
      }
      pause(RETRY_MILLIS);
    }
    pause(SETTLE_MILLIS);
  }

  private String lastOutput() throws IOException {
    String all = Files.readString(log);
    return all.substring(Math.max(0, all.length() - LAST_CHARS)).strip();
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), RETRY_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted.");
    }
  }

  /// Terminates the process and its children, and kills those that do not stop.
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : all) {
      try {
        var _ = each.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        each.destroyForcibly();
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        each.destroyForcibly();
      }
    }
    deleteLog();
  }

  private void deleteLog() {
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      // A log file left in the temporary directory does no harm.
    }
  }
}
