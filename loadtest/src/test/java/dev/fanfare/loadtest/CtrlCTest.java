package dev.fanfare.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.testing.Fault;
import dev.fanfare.loadtest.testing.TinyServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process that gets SIGINT.
@Timeout(120)
final class CtrlCTest {

  private static final int SIGINT_EXIT = 130;

  @TempDir private Path folder;
  private TinyServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new TinyServer(Fault.NONE);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Process start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A test run in the background may ignore the signal, and its children would too.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.fanfare.loadtest.Main"));
    command.addAll(List.of(options));
    command.addAll(List.of("--port", Integer.toString(server.port()), "--no-polling"));
    return new ProcessBuilder(command).start();
  }

  private static void awaitLine(BufferedReader lines, String start) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(start)) {
      line = lines.readLine();
    }
    assertThat(line).as("a line that starts with %s", start).isNotNull();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
  }

  @Test
  void figuresMeasuredSoFarArePrintedAndWritten() throws IOException, InterruptedException {
    Path json = folder.resolve("result.json");
    Process process =
        start(
            "fanout",
            "--subscribers",
            "4",
            "--rate",
            "100",
            "--warmup",
            "0",
            "--duration",
            "30m",
            "--secret",
            "app-secret",
            "--json",
            json.toString());
    awaitLine(process.errorReader(), "measuring");
    interrupt(process);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output)
        .contains("deliveries per second")
        .containsPattern("Note: Interrupted after [\\d.]+ of 1800.0 s")
        .doesNotContain("FAILED");
    assertThat(process.waitFor()).isEqualTo(SIGINT_EXIT);
    assertThat(Files.readString(json))
        .contains("\"environment\":{\"machine\":", "\"kernel\":", "\"generator cores\":")
        .contains("--secret ***")
        .doesNotContain("app-secret");
  }

  @Test
  void warmUpHasNothingToReport() throws IOException, InterruptedException {
    Process process = start("fanout", "--subscribers", "4", "--rate", "100", "--warmup", "30m");
    BufferedReader errors = process.errorReader();
    awaitLine(errors, "warming up");
    interrupt(process);
    awaitLine(errors, "Interrupted during the warm-up: nothing was measured yet.");
    assertThat(process.waitFor()).isEqualTo(SIGINT_EXIT);
  }
}
