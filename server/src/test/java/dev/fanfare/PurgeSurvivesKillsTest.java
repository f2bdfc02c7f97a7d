package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is killed (SIGKILL) while channels are purged, and restarted: purges that were answered
/// hold, one that was not is done as a whole or not at all, and other channels keep everything.
/// Segments are small, so that some kills meet a server that takes purged events out of its files.
/// `-Dfanfare.history.kills=50` repeats it more often.
@Tag("one-node")
final class PurgeSurvivesKillsTest {

  private static final int KILLS = Integer.getInteger("fanfare.history.kills", 3);
  private static final int LIFE_SECONDS = 120;
  private static final int CHANNELS = 12;
  private static final int EVENTS = 5;

  /// Longer than some purges take.
  private static final long LATEST_KILL_NS = TimeUnit.MILLISECONDS.toNanos(8);

  private static final String DATA = "x".repeat(8_000);

  /// What is known of the purge of a channel.
  private enum Purge {
    NOT_ASKED,
    ASKED,
    ANSWERED
  }

  private final Random random = new Random(11);
  private final Map<String, Purge> channels = new TreeMap<>();
  private int answered;
  private int undecided;
  private int done;

  @TempDir private Path folder;

  private Process start() throws IOException {
    return ServerProcess.start(
        LIFE_SECONDS,
        Map.of(
            "FANFARE_APP_ID",
            TestNode.APP.id(),
            "FANFARE_APP_KEY",
            TestNode.APP.key(),
            "FANFARE_APP_SECRET",
            TestNode.APP.secret().reveal(),
            "FANFARE_APP_HISTORY_0_REPLAY",
            "none",
            "FANFARE_APP_HISTORY_0_STORE",
            "disk",
            "FANFARE_APP_HISTORY_0_KEEP_SECONDS",
            "86400",
            "FANFARE_HISTORY_DISK_BYTES",
            "4194304",
            "FANFARE_WEBHOOKS_DATA_DIR",
            folder.toString()));
  }

  @Test
  void anAnsweredPurgeHoldsAndAnotherOneIsWhole() throws IOException, InterruptedException {
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start();
      try (Api api = new Api(ServerProcess.port(process), TestNode.APP)) {
        verify(api);
        publish(api, kill);
        purgeUntilKilled(api, process);
      } finally {
        process.toHandle().destroyForcibly();
      }
      assertThat(process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    Process last = start();
    try (Api api = new Api(ServerProcess.port(last), TestNode.APP)) {
      verify(api);
    } finally {
      last.toHandle().destroyForcibly();
    }
    System.out.printf(
        "%d kills: %d purges answered, %d not, of which %d were done%n",
        KILLS, answered, undecided, done);
  }

  private void publish(Api api, int life) throws IOException {
    channels.clear();
    for (int i = 0; i < CHANNELS; i++) {
      channels.put("feed-" + life + "-" + i, Purge.NOT_ASKED);
    }
    for (int event = 0; event < EVENTS; event++) {
      for (String channel : channels.keySet()) {
        String body =
            "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(channel, DATA);
        assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
      }
    }
  }

  /// The kill comes during one of the purges, or just before or after it.
  private void purgeUntilKilled(Api api, Process process) throws IOException {
    int last = random.nextInt(CHANNELS);
    long delayNs = random.nextLong(LATEST_KILL_NS);
    AtomicBoolean isKilled = new AtomicBoolean();
    try {
      int number = 0;
      for (Map.Entry<String, Purge> channel : channels.entrySet()) {
        if (number == last) {
          Thread.ofPlatform()
              .start(() -> {
                LockSupport.parkNanos(delayNs);
                isKilled.set(true);
                process.toHandle().destroyForcibly();
              });
        }
        channel.setValue(Purge.ASKED);
        int status = api.post("/channels/" + channel.getKey() + "/events/purge", "{}").statusCode();
        assertThat(status).isEqualTo(200);
        channel.setValue(Purge.ANSWERED);
        answered++;
        number++;
      }
    } catch (IOException | UncheckedIOException e) {
      if (!isKilled.get()) {
        throw e;
      }
    }
  }

  private void verify(Api api) throws IOException {
    for (Map.Entry<String, Purge> channel : channels.entrySet()) {
      String page = api.get("/channels/" + channel.getKey() + "/events", "").body();
      int events = page.split("\"name\":\"e\"", -1).length - 1;
      switch (channel.getValue()) {
        case NOT_ASKED -> assertThat(events).as(channel.getKey()).isEqualTo(EVENTS);
        case ASKED -> {
          assertThat(events).as(channel.getKey()).isIn(0, EVENTS);
          undecided++;
          done += events == 0 ? 1 : 0;
        }
        case ANSWERED ->
            assertThat(page).as(channel.getKey()).isEqualTo("{\"events\":[],\"complete\":true}");
      }
    }
  }
}
