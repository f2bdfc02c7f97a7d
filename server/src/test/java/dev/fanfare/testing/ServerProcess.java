package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server as a separate process, with the classes of this one, on a free port.
public final class ServerProcess {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_TRIES = 20;
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Pattern ADDRESS = Pattern.compile("address .*:(\\d+)");

  private ServerProcess() {}

  /// Starts it with these variables as its whole configuration. The process's input stream carries
  /// both its output and its errors.
  ///
  /// @param lifeSeconds the process is killed after this time, which also ends a blocked read
  public static Process start(int lifeSeconds, Map<String, String> environment) throws IOException {
    return startUnder(List.of(), lifeSeconds, environment);
  }

  /// Starts it on this port.
  public static Process startAt(int port, int lifeSeconds, Map<String, String> environment)
      throws IOException {
    String number = Integer.toString(port);
    return run(Main.class, CLASS_PATH, List.of(), lifeSeconds, environment, "--port", number);
  }

  /// Starts it with at most so many open files.
  public static Process startLimited(int maxFiles, int lifeSeconds, Map<String, String> environment)
      throws IOException {
    List<String> shell = List.of("sh", "-c", "ulimit -n " + maxFiles + "; exec \"$@\"", "sh");
    return startUnder(shell, lifeSeconds, environment);
  }

  /// Starts it as the command that another program runs.
  ///
  /// @param launcher that program and its arguments, to which the server's command is appended
  public static Process startUnder(
      List<String> launcher, int lifeSeconds, Map<String, String> environment) throws IOException {
    return run(Main.class, CLASS_PATH, launcher, lifeSeconds, environment, "--port", "0");
  }

  /// Starts it from other jars and folders than those of this process.
  public static Process startFrom(
      String classPath, int lifeSeconds, Map<String, String> environment) throws IOException {
    return run(Main.class, classPath, List.of(), lifeSeconds, environment, "--port", "0");
  }

  /// Starts a program that starts the server with its arguments.
  public static Process startAs(Class<?> program, int lifeSeconds, Map<String, String> environment)
      throws IOException {
    return run(program, CLASS_PATH, List.of(), lifeSeconds, environment, "--port", "0");
  }

  /// Starts a program from other jars and folders than those of this process.
  public static Process startAs(
      Class<?> program, String classPath, int lifeSeconds, Map<String, String> environment)
      throws IOException {
    return run(program, classPath, List.of(), lifeSeconds, environment);
  }

  /// Runs another command of the program.
  public static Process command(
      int lifeSeconds, Map<String, String> environment, String... arguments) throws IOException {
    return run(Main.class, CLASS_PATH, List.of(), lifeSeconds, environment, arguments);
  }

  private static Process run(
      Class<?> program,
      String classPath,
      List<String> launcher,
      int lifeSeconds,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>(launcher);
    words.addAll(
        List.of(
            // A test run under nohup would pass on that it ignores this signal.
            "env",
            "--default-signal=HUP",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.configurationFile=logback.xml", // not that of the tests
            "-cp",
            classPath,
            program.getName()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(FANFARE|SOKETI|REVERB|PUSHER)_.*"));
    builder.environment().put("FANFARE_METRICS_PORT", "0"); // several may run at once
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    CompletableFuture.delayedExecutor(lifeSeconds, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    return process;
  }

  /// Reads the output of a server up to its address, and returns the port.
  public static int port(Process process) throws IOException {
    BufferedReader reader = process.inputReader();
    while (true) {
      String line = reader.readLine();
      assertThat(line).as("the server has stopped").isNotNull();
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return Integer.parseInt(address.group(1));
      }
    }
  }

  /// A connection that was greeted. On a busy machine a fresh process may refuse connections with
  /// 4100 for a moment, because its lanes are late; this tries until it does not.
  public static RawSocket connect(int port, String key, String... headers) throws IOException {
    for (int i = 1; i < MOST_TRIES; i++) {
      try {
        return patient(port).establish(key, headers);
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("\"code\":4100")) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NS);
      }
    }
    return patient(port).establish(key, headers);
  }

  private static RawSocket patient(int port) throws IOException {
    RawSocket socket = new RawSocket(port);
    socket.patience(PATIENCE);
    return socket;
  }
}
