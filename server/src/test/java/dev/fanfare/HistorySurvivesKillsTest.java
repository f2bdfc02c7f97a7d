package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.clients.JavaMailbox;
import dev.fanfare.clients.ScriptMailbox;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server with a mailbox is killed (SIGKILL) and restarted while events are published and devices
/// read and confirm them: a raw socket, the Java client and pusher-js, each with a name. Every
/// event whose publish was answered arrives at each of them, and at one that comes after the last
/// kill. `-Dfanfare.history.kills=50` repeats it more often.
@Tag("one-node")
final class HistorySurvivesKillsTest {

  private static final int KILLS = Integer.getInteger("fanfare.history.kills", 4);
  private static final int LIFE_SECONDS = 120;

  /// So that what all lives publish can be replayed at once.
  private static final int MOST_OF_A_LIFE = 150;

  private static final long SHORTEST_LIFE_MS = 100;
  private static final long LONGEST_LIFE_MS = 1_500;
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String CHANNEL = "private-7";
  private static final Pattern DATA = Pattern.compile("\"event\":\"e\".*\"data\":\"(\\d+)\"");

  private final Random random = new Random(7);

  /// The same in each life, so that clients find it again.
  private final int port;

  private final List<Integer> answered = new ArrayList<>();
  private final Set<Integer> received = new LinkedHashSet<>();
  private int published;
  private int repeats;

  @TempDir private Path folder;

  HistorySurvivesKillsTest() throws IOException {
    port = FreePort.number();
  }

  private Process start() throws IOException {
    return ServerProcess.startAt(
        port,
        LIFE_SECONDS,
        Map.of(
            "FANFARE_APP_ID", TestNode.APP.id(),
            "FANFARE_APP_KEY", TestNode.APP.key(),
            "FANFARE_APP_SECRET", TestNode.APP.secret().reveal(),
            "FANFARE_APP_HISTORY_0_REPLAY", "mailbox",
            "FANFARE_APP_HISTORY_0_STORE", "disk",
            "FANFARE_APP_HISTORY_0_KEEP_SECONDS", "86400",
            "FANFARE_APP_HISTORY_0_KEEP_EVENTS", "100000",
            "FANFARE_APP_HISTORY_0_KEEP_BYTES", "268435456",
            "FANFARE_APP_HISTORY_0_REPLAY_EVENTS", "10000",
            "FANFARE_WEBHOOKS_DATA_DIR", folder.toString()));
  }

  private static RawSocket device(int port, String name) throws IOException {
    RawSocket socket = ServerProcess.connect(port, TestNode.APP.key() + "/" + name);
    socket.subscribePrivate(TestNode.APP, CHANNEL);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  @Test
  void everyAnsweredEventArrives() throws IOException, InterruptedException {
    try (JavaMailbox java = new JavaMailbox(port, CHANNEL);
        ScriptMailbox script = new ScriptMailbox(port, CHANNEL)) {
      everyAnsweredEventArrives(java.received(), script.received());
    }
  }

  /// @param clients what those have received that reconnect by themselves
  @SafeVarargs
  private void everyAnsweredEventArrives(Queue<Integer>... clients)
      throws IOException, InterruptedException {
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start();
      try {
        publishUntilKilled(process);
      } finally {
        process.toHandle().destroyForcibly();
      }
      assertThat(process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    Process last = start();
    try {
      int port = ServerProcess.port(last);
      try (RawSocket phone = device(port, "phone");
          RawSocket tablet = device(port, "tablet");
          Api api = new Api(port, TestNode.APP)) {
        publish(api);
        int end = published;
        readUntil(phone, end, received);
        Set<Integer> all = new LinkedHashSet<>();
        readUntil(tablet, end, all);
        assertThat(received).containsAll(answered);
        assertThat(new ArrayList<>(all)).containsAll(answered).isSorted();
        System.out.printf(
            "%d kills: %d events published, %d answered, %d received, %d repeats%n",
            KILLS, published, answered.size(), received.size(), repeats);
        for (Queue<Integer> client : clients) {
          awaitLast(client, end);
          Set<Integer> distinct = new LinkedHashSet<>(client);
          assertThat(distinct).containsAll(answered);
          assertThat(new ArrayList<>(distinct)).isSorted();
          System.out.printf("a client has received %d events%n", client.size());
        }
      }
    } finally {
      last.toHandle().destroyForcibly();
    }
  }

  private static void awaitLast(Queue<Integer> client, int last) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIFE_SECONDS);
    while (!client.contains(last) && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(POLL_NS);
    }
    assertThat(client).contains(last);
  }

  private void publish(Api api) throws IOException {
    published++;
    int status =
        api.post(
                "/events",
                "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%d\"}".formatted(CHANNEL, published))
            .statusCode();
    assertThat(status).isEqualTo(200);
    answered.add(published);
  }

  /// Publishes and reads in turn; the kill comes while an event is published.
  private void publishUntilKilled(Process process) throws IOException {
    int port = ServerProcess.port(process);
    long lifeMs = random.nextLong(SHORTEST_LIFE_MS, LONGEST_LIFE_MS);
    try (RawSocket phone = device(port, "phone");
        Api api = new Api(port, TestNode.APP)) {
      AtomicBoolean isKilled = new AtomicBoolean();
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  TimeUnit.MILLISECONDS.sleep(lifeMs);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                isKilled.set(true);
                process.toHandle().destroyForcibly();
              });
      try {
        for (int i = 0; i < MOST_OF_A_LIFE; i++) {
          publish(api);
          readUntil(phone, published, received);
        }
        readUntil(phone, Integer.MAX_VALUE, received);
      } catch (IOException | UncheckedIOException | AssertionError e) {
        if (!isKilled.get()) {
          throw e;
        }
      } finally {
        killer.interrupt();
      }
    }
  }

  /// Reads until this event arrives, and answers the server's questions.
  private void readUntil(RawSocket socket, int last, Set<Integer> into) throws IOException {
    boolean isLast = false;
    while (!isLast) {
      RawSocket.Frame frame = socket.nextFrame();
      if (frame.opcode() == RawSocket.PING) {
        socket.sendFrame(RawSocket.PONG, true, frame.payload());
        continue;
      }
      Matcher matcher = DATA.matcher(frame.text());
      if (matcher.find()) {
        int number = Integer.parseInt(matcher.group(1));
        repeats += into.add(number) ? 0 : 1;
        isLast = number == last;
      }
    }
  }
}
