package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a separate process that has printed its start-up message, with what it prints.
public final class RunningServer implements AutoCloseable {

  private static final int LIFE_SECONDS = 240;
  private static final int STOP_SECONDS = 60;

  private final Process process;
  private final List<String> output = Collections.synchronizedList(new ArrayList<>());
  private final Thread reader;

  private RunningServer(Process process) throws IOException {
    this.process = process;
    BufferedReader lines = process.inputReader();
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("the server's output: %s", output).isNotNull();
      output.add(line);
    } while (!line.startsWith("  app "));
    this.reader = Thread.ofVirtual().start(() -> lines.lines().forEach(output::add));
  }

  /// Starts a server with these variables as its whole configuration.
  ///
  /// @param jvmOptions options of the JVM, with spaces between
  public static RunningServer start(String jvmOptions, Map<String, String> environment)
      throws IOException {
    return start(LIFE_SECONDS, jvmOptions, environment);
  }

  /// The same; the process is killed after so many seconds.
  public static RunningServer start(
      int lifeSeconds, String jvmOptions, Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JDK_JAVA_OPTIONS", jvmOptions);
    return new RunningServer(ServerProcess.start(lifeSeconds, all));
  }

  /// Starts a program that starts the server, and reads commands from its standard input.
  public static RunningServer startAs(
      Class<?> program, String jvmOptions, Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JDK_JAVA_OPTIONS", jvmOptions);
    return new RunningServer(ServerProcess.startAs(program, LIFE_SECONDS, all));
  }

  /// Writes a line to the standard input of the process.
  public void send(String line) throws IOException {
    BufferedWriter writer = process.outputWriter();
    writer.write(line);
    writer.newLine();
    writer.flush();
  }

  /// Starts one that may have so many open files and is killed after so many seconds.
  public static RunningServer startLimited(
      int maxFiles, int lifeSeconds, Map<String, String> environment) throws IOException {
    return new RunningServer(ServerProcess.startLimited(maxFiles, lifeSeconds, environment));
  }

  /// The port for clients.
  public int port() {
    return number("address +https?://[^:]+:(\\d+)");
  }

  public int metricsPort() {
    return number("metrics +http://[^:]+:(\\d+)");
  }

  private int number(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(String.join("\n", output()));
    assertThat(matcher.find()).as("%s in %s", pattern, output()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /// The lines printed so far.
  public List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  public long pid() {
    return process.pid();
  }

  /// Waits for the end of the process, reads the rest of its output and returns its exit code.
  public int exitCode() {
    try {
      assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).as("has stopped").isTrue();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    var _ = exitCode();
  }
}
