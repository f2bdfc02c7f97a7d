package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGHUP to a real process, as an operator sends it, while an Android app is connected.
@Tag("one-node")
final class ReloadSignalTest {

  private static final int LIFE_SECONDS = 60;
  private static final App ONE = app("1");
  private static final App TWO = app("2");
  private static final App THREE = app("3");

  @TempDir private Path directory;
  private final List<String> log = new ArrayList<>();
  private Path file;
  private Process process;
  private BufferedReader lines;
  private int port;

  private static App app(String id) {
    Secret secret = new Secret("secret-of-" + id);
    return new App(id, "key" + id, secret, AppOptions.DEFAULTS, Limits.HOSTED);
  }

  @BeforeEach
  void start() throws IOException {
    file = directory.resolve("fanfare.yaml");
    write("", ONE, TWO);
    process = ServerProcess.start(LIFE_SECONDS, Map.of("FANFARE_CONFIG", file.toString()));
    lines = process.inputReader();
    Matcher address = Pattern.compile(":(\\d+)").matcher(awaitLine("address"));
    assertThat(address.find()).isTrue();
    port = Integer.parseInt(address.group(1));
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private void write(String server, App... apps) throws IOException {
    StringBuilder yaml = new StringBuilder(server).append("\napps:\n");
    for (App app : apps) {
      yaml.append(
          "  - {id: \"%s\", key: %s, secret: %s}\n"
              .formatted(app.id(), app.key(), app.secret().reveal()));
    }
    Files.writeString(file, yaml);
  }

  private String awaitLine(String part) throws IOException {
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("after %s", log).isNotNull();
      log.add(line);
    } while (!line.contains(part));
    return line;
  }

  private void hangUp() throws IOException {
    Programs.run("kill", "-HUP", Long.toString(process.pid()));
  }

  @Test
  void anAppThatStaysSeesNoReconnect() throws IOException {
    try (Device device = new Device(ONE.key(), Device.options(port)).connect();
        RawSocket gone = RawSocket.established(port, TWO.key());
        Api api = new Api(port, ONE.withSecret(new Secret("a-new-secret")))) {
      ChannelLog channel = device.subscribed("a", "e");
      String socketId = device.socketId();
      int changes = device.connection().stateChanges();
      write("server: {lanes: 7}", ONE.withSecret(new Secret("a-new-secret")), THREE);
      hangUp();
      assertThat(awaitLine("needs a restart")).endsWith("needs a restart: server.lanes");
      assertThat(awaitLine("configuration reloaded"))
          .endsWith("configuration reloaded: app 1 changed: secret; app 3 added; app 2 removed");
      assertThat(gone.nextClose().closeCode()).isEqualTo(4001);
      RawSocket.established(port, THREE.key()).close();
      api.publish("a", "e", "d");
      assertThat(channel.next()).isEqualTo("e: d");
      assertThat(device.socketId()).isEqualTo(socketId);
      assertThat(device.connection().stateChanges()).isEqualTo(changes);
      assertThat(log).noneMatch(line -> line.contains("a-new-secret"));
    }
  }

  /// An operator who looks for a lost event cannot restart the server first.
  @Test
  void theLogLevelChangesUnderConnectionsThatStay() throws IOException {
    try (RawSocket socket = RawSocket.established(port, ONE.key())) {
      write("server: {log_level: debug}", ONE, TWO);
      hangUp();
      assertThat(awaitLine("configuration reloaded")).endsWith(": no app changed");
      socket.subscribe("news");
      assertThat(awaitLine(" DEBUG "))
          .contains("channels: subscribed app=1 socket=", "channel=news");
      write("", ONE, TWO);
      hangUp();
      awaitLine("configuration reloaded");
      socket.subscribe("silent");
      socket.subscribe("news");
      awaitLine("message refused: Existing subscription to channel news");
      assertThat(log).noneMatch(line -> line.contains("silent"));
    }
  }

  @Test
  void aConfigurationWithAProblemChangesNothing() throws IOException {
    try (RawSocket socket = RawSocket.established(port, TWO.key())) {
      write("server: {prot: 1}", ONE, ONE);
      hangUp();
      awaitLine("configuration rejected, keeping the current one; see the errors above");
      assertThat(log)
          .anyMatch(line -> line.contains("server.prot is not known; did you mean server.port?"))
          .anyMatch(line -> line.contains("apps[1].id is \"1\", but so is apps[0].id"));
      write("", new App[0]);
      hangUp();
      awaitLine("keeping the current one: it has no app any more");
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      write("", ONE, TWO);
      hangUp();
      assertThat(awaitLine("configuration reloaded")).endsWith(": no app changed");
      process.destroy(); // SIGTERM
      assertThat(Programs.waitFor(process)).isZero();
    }
  }
}
