package dev.fanfare.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LaunchedServerTest {

  private static String output(String command) throws IOException {
    ComparedServer.Launched server = new ComparedServer.Launched("x", command);
    Process process = new ProcessBuilder(LaunchedServer.command(server, 1, "")).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void ctrlCDoesNotReachTheServer() throws IOException {
    assertThat(output("sh -c 'kill -INT $$; kill -HUP $$; echo still running'"))
        .isEqualTo("still running");
  }

  /// The kernel would schedule another session as a separate group.
  @Test
  void theServerIsInTheSessionOfTheLoadTest() throws IOException {
    String own = Files.readString(Path.of("/proc/self/stat")).replaceFirst(".*\\) ", "");
    assertThat(output("sh -c 'sed \"s/.*) //\" /proc/self/stat'").split(" ", -1)[3])
        .isEqualTo(own.split(" ", -1)[3]);
  }
}
