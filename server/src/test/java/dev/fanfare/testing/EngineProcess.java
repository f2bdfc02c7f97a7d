package dev.fanfare.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// A process of Redis, Sentinel or NATS that listens on a free port of 127.0.0.1, until it is
/// closed.
public final class EngineProcess implements AutoCloseable {

  private static final int ATTEMPTS = 10;
  private static final long PATIENCE_SECONDS = 30;

  private final Path output;
  private final String libraries;
  private final List<String> command;
  private final int port;
  private Process process;

  private EngineProcess(
      Path output, String libraries, List<String> command, int port, Process process) {
    this.output = output;
    this.libraries = libraries;
    this.command = command;
    this.port = port;
    this.process = process;
  }

  /// Starts it and waits until it listens; on another port if the first has been taken meanwhile.
  ///
  /// @param folder for its output
  /// @param libraries folders with shared libraries that it needs, or empty
  /// @param command for a port
  static EngineProcess start(Path folder, String libraries, IntFunction<List<String>> command)
      throws IOException {
    Path output = Files.createTempFile(folder, "engine", ".txt");
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = FreePort.number();
      List<String> each = command.apply(port);
      EngineProcess engine =
          new EngineProcess(output, libraries, each, port, launch(output, libraries, each));
      if (engine.listens()) {
        return engine;
      }
      engine.close();
    }
    throw new IOException(Files.readString(output));
  }

  private static Process launch(Path output, String libraries, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    if (!libraries.isEmpty()) {
      builder.environment().put("LD_LIBRARY_PATH", libraries);
    }
    return builder.start();
  }

  /// Waits until it listens; false if it has ended.
  private boolean listens() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return process.isAlive();
      } catch (IOException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(Files.readString(output), e);
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return false;
  }

  public int port() {
    return port;
  }

  /// Kills it with SIGKILL.
  public void kill() {
    process.destroyForcibly();
    int _ = Programs.waitFor(process);
  }

  /// Stops it with SIGSTOP: its sockets stay open, and nothing is answered.
  public void pause() throws IOException {
    String _ = Programs.run("kill", "-STOP", String.valueOf(process.pid()));
  }

  /// Continues after [#pause].
  public void resume() throws IOException {
    String _ = Programs.run("kill", "-CONT", String.valueOf(process.pid()));
  }

  /// Starts it again on the same port after [#kill], without what it had.
  public void restart() throws IOException {
    process = launch(output, libraries, command);
    if (!listens()) {
      throw new IOException(Files.readString(output));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
