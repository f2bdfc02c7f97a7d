package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is killed (SIGKILL) while channels are occupied. After the restart webhooks report what
/// did not come back, and nothing about what did.
final class WebhooksAfterCrashTest {

  private static final int PATIENCE_SECONDS = 60;
  private static final int HOLD_BACK_SECONDS = 6;

  private final Receiver receiver;
  private final Set<String> seen = new HashSet<>();

  @TempDir private Path directory;

  WebhooksAfterCrashTest() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  @Test
  void channelsAndMembersThatDoNotComeBackAreReported() throws Exception {
    Process first = start();
    int port = ServerProcess.port(first);
    try (Api api = new Api(port, TestNode.APP);
        RawSocket stays = ServerProcess.connect(port, TestNode.APP.key());
        RawSocket goes = ServerProcess.connect(port, TestNode.APP.key())) {
      subscribe(stays, "a", "1");
      subscribe(goes, "b", "2");
      assertThat(events(5))
          .containsExactlyInAnyOrder(
              "channel_occupied a",
              "channel_occupied b",
              "channel_occupied presence-x",
              "member_added presence-x 1",
              "member_added presence-x 2");
      String delivered = "\"pending\":0,";
      await().until(() -> api.get("/webhooks", "limit=1").body().contains(delivered));
      first.toHandle().destroyForcibly(); // while both are connected
      assertThat(first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      first.toHandle().destroyForcibly();
    }
    Process second = start();
    try (RawSocket again = ServerProcess.connect(ServerProcess.port(second), TestNode.APP.key())) {
      subscribe(again, "a", "1");
      assertThat(events(2))
          .containsExactlyInAnyOrder("channel_vacated b", "member_removed presence-x 2");
      again.subscribe("c");
      assertThat(events(1)).containsExactly("channel_occupied c");
    } finally {
      second.toHandle().destroyForcibly();
    }
  }

  private static void subscribe(RawSocket socket, String channel, String user) throws IOException {
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    socket.subscribePresence(TestNode.APP, "presence-x", "{\"user_id\":\"" + user + "\"}");
    socket.nextTextContaining("presence-x");
  }

  private List<String> events(int count) {
    List<String> events = new ArrayList<>();
    while (events.size() < count) {
      Taken request = receiver.next();
      if (seen.add(request.body())) { // else it was sent again because the answer came too late
        events.addAll(request.events());
      }
    }
    return events;
  }

  private Process start() throws IOException {
    return ServerProcess.start(
        2 * PATIENCE_SECONDS,
        Map.of(
            "FANFARE_APP_ID", TestNode.APP.id(),
            "FANFARE_APP_KEY", TestNode.APP.key(),
            "FANFARE_APP_SECRET", TestNode.APP.secret().reveal(),
            "FANFARE_APP_WEBHOOKS_0_URL", receiver.url(),
            "FANFARE_WEBHOOKS_RESTART_HOLD_BACK_SECONDS", Integer.toString(HOLD_BACK_SECONDS),
            "FANFARE_WEBHOOKS_DATA_DIR", directory.resolve("data").toString()));
  }
}
