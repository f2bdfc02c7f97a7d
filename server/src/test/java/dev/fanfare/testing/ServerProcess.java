package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The server as a process of its own, with the classes of this one, on a free port.
public final class ServerProcess {

  private ServerProcess() {}

  /// Starts it with no configuration but these variables. What it writes to either stream is its
  /// input stream's.
  ///
  /// @param lifeSeconds then it is killed: a read cannot be interrupted, but ends with this
  public static Process start(int lifeSeconds, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            // A test run under nohup would hand its deafness for this signal on.
            "env",
            "--default-signal=HUP",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.configurationFile=logback.xml", // not that of the tests
            "-cp",
            System.getProperty("java.class.path"),
            "dev.fanfare.Main",
            "--port",
            "0");
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
}
