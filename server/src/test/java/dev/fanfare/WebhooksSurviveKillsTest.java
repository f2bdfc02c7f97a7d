package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint fails, stalls, resets, redirects and recovers at random while the server is killed
/// (SIGKILL) and restarted. Every accepted event arrives at least once, and in order within its
/// channel. `-Dfanfare.kills=50` repeats it more often.
final class WebhooksSurviveKillsTest {

  private static final int KILLS = Integer.getInteger("fanfare.kills", 4);
  private static final int CHANNELS = 4;
  private static final long SHORTEST_LIFE_MS = 300;
  private static final long LONGEST_LIFE_MS = 2_500;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern EVENT =
      Pattern.compile("client_event (private-\\d) client-tick (\\d+) .*");

  private final Random random = new Random(7);

  /// Randomness of the endpoint, separate from the test's, because it is used on other threads.
  private final Random moods = new Random(11);

  private final Receiver receiver;
  private int sent;

  @TempDir private Path directory;

  WebhooksSurviveKillsTest() throws IOException {
    receiver = new Receiver().ask(_ -> mood());
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private synchronized Manner mood() {
    int draw = moods.nextInt(100);
    if (draw < 70) {
      return Manner.TAKES;
    }
    return draw < 82
        ? Manner.FAILS
        : draw < 92 ? Manner.RESETS : draw < 97 ? Manner.REDIRECTS : Manner.STALLS;
  }

  @Test
  void everyAcceptedEventArrivesInOrder() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start();
      try {
        triggerUntilKilled(process);
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    receiver.always(Manner.TAKES);
    Process last = start();
    try (Api api = new Api(ServerProcess.port(last), TestNode.APP)) {
      String left = "\"pending\":0,";
      await("everything is delivered")
          .atMost(PATIENCE)
          .until(() -> api.get("/webhooks", "limit=1").body().contains(left));
      judge(api.get("/webhooks", "limit=1").body());
    } finally {
      last.destroyForcibly();
    }
  }

  private void judge(String counts) {
    Map<String, Integer> newest = new HashMap<>();
    Set<String> arrived = new HashSet<>();
    int deliveries = 0;
    int refused = 0;
    for (Taken request : receiver.all()) {
      if (request.manner() != Manner.TAKES) {
        refused++;
        continue;
      }
      for (String event : request.events()) {
        deliveries++;
        Matcher words = EVENT.matcher(event);
        assertThat(words.matches()).as(event).isTrue();
        int number = Integer.parseInt(words.group(2));
        if (arrived.add(words.group(1) + " " + number)) {
          Integer before = newest.put(words.group(1), number);
          assertThat(before == null || before < number).as("%s after %s", event, before).isTrue();
        }
      }
    }
    int accepted = number(counts, "accepted");
    System.out.printf(
        "%d kills: %d events sent, %d accepted, %d delivered, %d duplicates, %d lost;"
            + " %d requests failed%n",
        KILLS,
        sent,
        accepted,
        arrived.size(),
        deliveries - arrived.size(),
        accepted - arrived.size(),
        refused);
    assertThat(arrived).hasSize(accepted);
    assertThat(accepted).isBetween(1, sent);
    assertThat(number(counts, "died")).isZero();
  }

  private static int number(String counts, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(counts);
    assertThat(matcher.find()).as(counts).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /// A client that sends events, each after the server has processed the previous one, until the
  /// server is killed.
  private void triggerUntilKilled(Process process) throws IOException {
    long lifeMs = random.nextLong(SHORTEST_LIFE_MS, LONGEST_LIFE_MS);
    try (RawSocket socket =
        RawSocket.established(ServerProcess.port(process), TestNode.APP.key())) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        socket.subscribePrivate(TestNode.APP, "private-" + channel);
        socket.nextTextContaining("subscription_succeeded");
      }
      long startNs = System.nanoTime();
      while (System.nanoTime() - startNs < TimeUnit.MILLISECONDS.toNanos(lifeMs)) {
        String channel = "private-" + random.nextInt(CHANNELS);
        socket.trigger(channel, "client-tick", Integer.toString(sent++));
        socket.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
        socket.nextTextContaining("pusher:pong");
      }
      process.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    return ServerProcess.start(
        2 * (int) PATIENCE.toSeconds(),
        Map.of(
            "FANFARE_APP_ID", TestNode.APP.id(),
            "FANFARE_APP_KEY", TestNode.APP.key(),
            "FANFARE_APP_SECRET", TestNode.APP.secret().reveal(),
            "FANFARE_APP_CLIENT_EVENTS", "true",
            "FANFARE_APP_LIMITS_MAX_CLIENT_EVENTS_PER_SECOND", "0",
            "FANFARE_APP_WEBHOOKS_0_URL", receiver.url(),
            "FANFARE_APP_WEBHOOKS_0_EVENTS", "client_event",
            "FANFARE_WEBHOOKS_DATA_DIR", directory.resolve("data").toString()));
  }
}
