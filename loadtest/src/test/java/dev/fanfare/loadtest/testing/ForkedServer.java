package dev.fanfare.loadtest.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/// A [TinyServer] in a separate JVM, for measurements from outside. Starting it blocks until it
/// listens.
public final class ForkedServer implements AutoCloseable {

  private final Process process;
  private final int port;

  public ForkedServer(Fault fault) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TinyServer.class.getName(),
                fault.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = process.inputReader();
    port = Integer.parseInt(said.readLine());
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
