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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint is down while clients send events that are together larger than the heap. They wait
/// on the disk, the process stays alive, and everything that was kept arrives in order once the
/// endpoint is up.
///
/// The long form: `-Dfanfare.backlog.heap=256m -Dfanfare.backlog.clients=200
/// -Dfanfare.backlog.rounds=400`, which is 800 MB.
final class WebhookBacklogTest {

  private static final String HEAP = System.getProperty("fanfare.backlog.heap", "56m");
  private static final int CLIENTS = Integer.getInteger("fanfare.backlog.clients", 5);
  private static final int ROUNDS = Integer.getInteger("fanfare.backlog.rounds", 1_400);
  private static final int DATA_CHARS = 10_000;
  private static final int ROUNDS_PER_PING = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern EVENT =
      Pattern.compile("client_event (private-\\d+) client-tick (\\d+)x* .*");

  private final Receiver receiver;

  @TempDir private Path directory;

  WebhookBacklogTest() throws IOException {
    receiver = new Receiver().always(Manner.IS_BUSY);
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  @Test
  void aBacklogThatIsLargerThanTheHeapWaitsOnTheDisk() throws Exception {
    Process process = start();
    List<RawSocket> clients = new ArrayList<>();
    int port = ServerProcess.port(process);
    try (Api api = new Api(port, TestNode.APP)) {
      for (int client = 0; client < CLIENTS; client++) {
        RawSocket socket = ServerProcess.connect(port, TestNode.APP.key());
        clients.add(socket);
        socket.subscribePrivate(TestNode.APP, "private-" + client);
        socket.nextTextContaining("subscription_succeeded");
      }
      String filler = "x".repeat(DATA_CHARS);
      for (int round = 0; round < ROUNDS; round++) {
        for (int client = 0; client < CLIENTS; client++) {
          clients
              .get(client)
              .trigger("private-" + client, "client-tick", "\"" + round + filler + "\"");
        }
        if (round % ROUNDS_PER_PING == 0) {
          ping(clients);
        }
      }
      ping(clients);
      int accepted = number(api, "accepted");
      assertThat(accepted).isEqualTo(number(api, "pending")).isBetween(1, CLIENTS * ROUNDS);
      receiver.always(Manner.TAKES);
      Map<String, Integer> newest = new HashMap<>();
      int[] arrived = {0};
      await("everything that was kept arrives")
          .atMost(PATIENCE)
          .until(() -> {
            arrived[0] += check(newest);
            return arrived[0] >= accepted;
          });
      assertThat(arrived[0]).isEqualTo(accepted);
      await().atMost(PATIENCE).until(() -> number(api, "pending") == 0);
      assertThat(number(api, "died")).isZero();
      System.out.printf("%d events sent, %d accepted%n", CLIENTS * ROUNDS, accepted);
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
      for (RawSocket client : clients) {
        client.close();
      }
    }
  }

  private static void ping(List<RawSocket> clients) throws IOException {
    for (RawSocket client : clients) {
      client.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
    }
    for (RawSocket client : clients) {
      client.nextTextContaining("pusher:pong");
    }
  }

  /// Checks the order of the events that were accepted since the last call, and counts them.
  private int check(Map<String, Integer> newest) {
    int count = 0;
    for (Taken request : receiver.all()) {
      if (request.manner() != Manner.TAKES) {
        continue;
      }
      for (String event : request.events()) {
        Matcher words = EVENT.matcher(event);
        assertThat(words.matches()).as(event).isTrue();
        int number = Integer.parseInt(words.group(2));
        Integer before = newest.put(words.group(1), number);
        assertThat(before == null || before < number).as("%s after %s", event, before).isTrue();
        count++;
      }
    }
    return count;
  }

  private static int number(Api api, String name) throws IOException {
    String counts = api.get("/webhooks", "limit=1").body();
    Matcher matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(counts);
    assertThat(matcher.find()).as(counts).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private Process start() throws IOException {
    return ServerProcess.start(
        2 * (int) PATIENCE.toSeconds(),
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Xmx" + HEAP + " -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError",
            "FANFARE_APP_ID",
            TestNode.APP.id(),
            "FANFARE_APP_KEY",
            TestNode.APP.key(),
            "FANFARE_APP_SECRET",
            TestNode.APP.secret().reveal(),
            "FANFARE_APP_CLIENT_EVENTS",
            "true",
            "FANFARE_APP_LIMITS_MAX_CLIENT_EVENTS_PER_SECOND",
            "0",
            "FANFARE_APP_LIMITS_MAX_EVENT_BYTES",
            "20000",
            "FANFARE_APP_WEBHOOKS_0_URL",
            receiver.url(),
            "FANFARE_APP_WEBHOOKS_0_EVENTS",
            "client_event",
            "FANFARE_WEBHOOKS_DATA_DIR",
            directory.resolve("data").toString()));
  }
}
