package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.StallClock;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The process stands still, or its clock jumps: clients that have answered meanwhile stay
/// connected, and those that have not are closed later.
@Tag("one-node")
final class StallTest {

  /// `-Dfanfare.stall.seconds=600` in `.ci/long`.
  private static final int STALL_SECONDS = Integer.getInteger("fanfare.stall.seconds", 8);

  private static final String SECRET = "stall-secret";
  private static final App APP =
      new App("1", "stall-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);
  private static final int CROWD = 100;
  private static final int TIMEOUT_SECONDS = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PING = "{\"event\":\"pusher:ping\",\"data\":{}}";

  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "FANFARE_APPS", APP.key() + ":" + SECRET + "@" + APP.id(),
          "FANFARE_APPS_0_FIRST_SUBSCRIPTION_TIMEOUT_SECONDS", "" + TIMEOUT_SECONDS,
          "FANFARE_ACTIVITY_TIMEOUT_SECONDS", "1",
          "FANFARE_PONG_TIMEOUT_SECONDS", "" + TIMEOUT_SECONDS,
          "FANFARE_REQUEST_TIMEOUT_SECONDS", "" + TIMEOUT_SECONDS,
          "FANFARE_HANDSHAKE_TIMEOUT_SECONDS", "" + TIMEOUT_SECONDS,
          "FANFARE_LANES", "2");

  private final List<RawSocket> pinged = new ArrayList<>();
  private final List<RawSocket> fresh = new ArrayList<>();

  @Test
  void aStoppedProcessDisconnectsNoClientThatAnswered() throws Exception {
    try (RunningServer server = RunningServer.start(STALL_SECONDS + 240, "", CONFIGURATION)) {
      for (int i = 0; i < CROWD; i++) {
        RawSocket client = connect(server);
        client.subscribe("news");
        await(client, "subscription_succeeded");
        pinged.add(client);
      }
      RawSocket silent = connect(server);
      silent.subscribe("news");
      await(silent, "subscription_succeeded");
      for (int i = 0; i < CROWD; i++) {
        fresh.add(connect(server));
      }
      for (RawSocket client : pinged) {
        assertThat(client.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      }
      RawSocket mute = connect(server);
      RawSocket half = new RawSocket(server.port());
      half.patience(PATIENCE);
      String request = RawHttp.request("GET", "/live", "", "Connection: close");
      half.send(request.substring(0, 20));
      RawSocket scraper = new RawSocket(server.metricsPort());
      scraper.patience(PATIENCE);
      String scrape = RawHttp.request("GET", "/metrics", "");
      scraper.send(scrape.substring(0, 20));

      Programs.run("kill", "-STOP", "" + server.pid());
      for (RawSocket client : pinged) {
        client.sendFrame(RawSocket.PONG, true, new byte[0]);
      }
      for (RawSocket client : fresh) {
        client.subscribe("news");
      }
      half.send(request.substring(20));
      scraper.send(scrape.substring(20));
      Thread.sleep(Duration.ofSeconds(STALL_SECONDS));
      Programs.run("kill", "-CONT", "" + server.pid());

      for (RawSocket client : fresh) {
        await(client, "subscription_succeeded");
      }
      assertThat(new RawHttp(half).next().status()).isEqualTo(200);
      assertThat(new RawHttp(scraper).next().status()).isEqualTo(200);
      assertThat(silent.nextClose().closeCode()).isEqualTo(CloseCode.PONG_MISSING.code());
      assertThat(mute.nextClose().closeCode())
          .isIn(CloseCode.UNAUTHORIZED.code(), CloseCode.PONG_MISSING.code());
      pinged.addAll(fresh);
      for (RawSocket client : pinged) {
        client.sendText(PING);
        await(client, "pusher:pong");
        client.close();
      }
      assertThat(server.output())
          .anyMatch(line -> line.contains("the process stood still for"))
          .noneMatch(line -> line.contains(" ERROR "));
    }
  }

  /// Reads until a text contains `part`; answers pings meanwhile.
  private static void await(RawSocket client, String part) throws IOException {
    while (true) {
      RawSocket.Frame frame = client.nextFrame();
      switch (frame.opcode()) {
        case RawSocket.PING -> client.sendFrame(RawSocket.PONG, true, frame.payload());
        case RawSocket.TEXT -> {
          if (frame.text().contains(part)) {
            return;
          }
        }
        default -> throw new AssertionError("closed: " + frame.closeCode());
      }
    }
  }

  private static RawSocket connect(RunningServer server) throws IOException {
    RawSocket client = ServerProcess.connect(server.port(), APP.key());
    client.patience(PATIENCE);
    return client;
  }

  /// Of both clocks, through the ports that tests hold.
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void aStepOfTheClockDisconnectsNoClientThatAnswers(int hours) throws IOException {
    ManualClock machine = new ManualClock();
    FanfareServer.Clocks clocks =
        new FanfareServer.Clocks(
            new StallClock(machine),
            () -> Instant.now().plus(Duration.between(Instant.EPOCH, machine.instant())));
    try (TestNode node =
        TestNode.start(
            TestNode.options(0).withActivityTimeoutSeconds(2).withPongTimeoutSeconds(2),
            clocks,
            ServerListener.NONE,
            TestNode.APP)) {
      RawSocket client = node.connect();
      RawSocket dead = node.connect();
      machine.advance(Duration.ofMillis(2_500));
      assertThat(client.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      assertThat(dead.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      machine.advance(Duration.ofHours(hours));
      client.sendFrame(RawSocket.PONG, true, new byte[0]);
      client.sendText(PING);
      await(client, "pusher:pong");
      machine.advance(Duration.ofMillis(2_500));
      assertThat(dead.nextClose().closeCode()).isEqualTo(CloseCode.PONG_MISSING.code());
      client.sendText(PING);
      await(client, "pusher:pong");
    }
  }
}
