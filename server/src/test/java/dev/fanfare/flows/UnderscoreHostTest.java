package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Host names with an underscore, as Docker Compose gives them to services: everywhere that a URL
/// is read, through real processes which know such a name.
final class UnderscoreHostTest {

  private static final int LIFE_SECONDS = 60;
  private static final String HOST = "laravel_app";

  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();
  private Receiver receiver;
  private Map<String, String> environment;
  private String url;

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 " + HOST + "\n");
    environment =
        Map.of(
            "JDK_JAVA_OPTIONS",
            "-Djdk.net.hosts.file=" + hosts,
            "FANFARE_APPS",
            "underscore-key:underscore-secret@1",
            "FANFARE_APPS_0_WEBHOOKS_0_URL",
            receiver.url().replace("127.0.0.1", HOST));
    Process server = ServerProcess.start(LIFE_SECONDS, environment);
    processes.add(server);
    BufferedReader lines = server.inputReader();
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("the banner").isNotNull();
    } while (!line.startsWith("  address "));
    url = HOST + ":" + line.replaceFirst(".*http://localhost:(\\d+).*", "$1");
  }

  @AfterEach
  void stop() throws IOException {
    processes.forEach(Process::destroyForcibly);
    receiver.close();
  }

  private String run(String... words) throws IOException {
    Process process = ServerProcess.command(LIFE_SECONDS, environment, words);
    processes.add(process);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Programs.waitFor(process)).as(output).isZero();
    return output;
  }

  @Test
  void everyUrlMayHaveSuchAHost() throws Exception {
    int port = Integer.parseInt(url.substring(url.indexOf(':') + 1));
    try (RawSocket client = RawSocket.established(port, "underscore-key")) {
      client.subscribe("room");
      Receiver.Taken request = receiver.next();
      assertThat(request.events()).containsExactly("channel_occupied room");
      assertThat(request.header("Host"))
          .isEqualTo(receiver.url().replaceFirst("http://127.0.0.1(:\\d+).*", HOST + "$1"));
    }
    assertThat(run("health", "--url", "http://" + url)).endsWith("OK\n");
    assertThat(run("webhooks", "list", "--url", "http://" + url)).isNotBlank();
    assertThat(run("doctor", "--url", "ws://" + url)).contains(HOST);
  }
}
