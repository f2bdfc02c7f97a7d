package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RawSocket.Frame;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two processes that keep events together in a real engine.
abstract class SharedHistoryContract {

  static final App APP = TestNode.APP;
  static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long PAUSE_NS = 100_000_000;
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9]+)-([0-9]+)\"");

  private Api a;
  private Api b;

  /// Variables of both nodes.
  static final Map<String, String> RULES =
      Map.of(
          "FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "feed-",
          "FANFARE_APP_HISTORY_0_REPLAY", "rewind",
          "FANFARE_APP_HISTORY_0_KEEP_EVENTS", "1000",
          "FANFARE_APP_HISTORY_0_REPLAY_EVENTS", "1000",
          "FANFARE_APP_HISTORY_1_CHANNELS_PREFIX", "note-");

  /// Starts engine and nodes.
  abstract void startNodes() throws IOException;

  abstract void stopNodes();

  abstract int port(int node);

  /// Waits until the engine has this as the position of the client `phone` in the channel `note-7`.
  abstract void awaitPosition(String id);

  @BeforeEach
  void start() throws IOException {
    startNodes();
    a = new Api(port(0), APP);
    b = new Api(port(1), APP);
  }

  @AfterEach
  void stop() throws IOException {
    a.close();
    b.close();
    stopNodes();
  }

  /// Connects, and tries again while a busy machine makes the node shed load.
  RawSocket connect(int node, String tag) throws IOException {
    String key = tag.isEmpty() ? APP.key() : APP.key() + "/" + tag;
    long sinceNs = System.nanoTime();
    while (true) {
      try {
        RawSocket socket = RawSocket.established(port(node), key);
        socket.patience(PATIENCE);
        return socket;
      } catch (IOException e) {
        boolean isShed = String.valueOf(e.getMessage()).contains("overloaded");
        if (!isShed || System.nanoTime() - sinceNs > PATIENCE.toNanos()) {
          throw e;
        }
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  /// The next text. On a busy machine, the node asks before it what has arrived.
  static String next(RawSocket socket) throws IOException {
    while (true) {
      Frame frame = socket.nextFrame();
      if (frame.opcode() != RawSocket.PING) {
        assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
        return frame.text();
      }
      socket.sendFrame(RawSocket.PONG, true, frame.payload());
    }
  }

  private static RawSocket subscribed(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextTextContaining("subscription_succeeded")).contains(channel);
    return socket;
  }

  /// Publishes an event and returns its id.
  private static String publish(Api api, String channel, String data) throws IOException {
    String answer =
        api.post(
                "/events",
                "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\",\"info\":\"id\"}"
                    .formatted(channel, data))
            .body();
    Matcher id = ID.matcher(answer);
    assertThat(id.find()).as(answer).isTrue();
    return id.group(1) + "-" + id.group(2);
  }

  private static String event(String channel, String data, String id) {
    return "{\"event\":\"e\",\"channel\":\"%s\",\"data\":\"%s\",\"id\":\"%s\"}"
        .formatted(channel, data, id);
  }

  @Test
  void aNewSubscriberGetsTheLastEventsOnAnyNode() throws IOException {
    String one = publish(a, "feed-7", "1");
    String two = publish(b, "feed-7", "2");
    try (RawSocket socket = subscribed(connect(1, ""), "feed-7")) {
      assertThat(next(socket)).isEqualTo(event("feed-7", "1", one));
      assertThat(next(socket)).isEqualTo(event("feed-7", "2", two));
      String three = publish(a, "feed-7", "3");
      assertThat(next(socket)).isEqualTo(event("feed-7", "3", three));
      String four = publish(b, "feed-7", "4");
      assertThat(next(socket)).isEqualTo(event("feed-7", "4", four));
    }
    String page = a.get("/channels/feed-7/events", "").body();
    assertThat(page).contains("\"data\":\"1\"").contains("\"complete\":true");
    assertThat(b.get("/channels/feed-7/events", "").body()).isEqualTo(page);
  }

  @Test
  void aClientResumesOnTheOtherNode() throws IOException {
    String missed;
    String last;
    try (RawSocket socket = subscribed(connect(0, "phone"), "note-7")) {
      String one = publish(b, "note-7", "1");
      assertThat(next(socket)).isEqualTo(event("note-7", "1", one));
      Frame ping = socket.nextFrame();
      assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
      socket.sendFrame(RawSocket.PONG, true, ping.payload());
      awaitPosition(one);
    }
    missed = publish(a, "note-7", "2");
    last = publish(b, "note-7", "3");
    try (RawSocket socket = subscribed(connect(1, "phone"), "note-7")) {
      assertThat(next(socket)).isEqualTo(event("note-7", "2", missed));
      assertThat(next(socket)).isEqualTo(event("note-7", "3", last));
      String four = publish(a, "note-7", "4");
      assertThat(next(socket)).isEqualTo(event("note-7", "4", four));
    }
  }

  @Test
  void allNodesDeliverInOneOrder() throws Exception {
    int each = 400;
    try (RawSocket here = subscribed(connect(0, ""), "feed-8");
        RawSocket there = subscribed(connect(1, ""), "feed-8")) {
      List<Thread> publishers = new ArrayList<>();
      for (Api api : List.of(a, b)) {
        publishers.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    for (int i = 0; i < each; i++) {
                      var _ = publish(api, "feed-8", api.equals(a) ? "a" + i : "b" + i);
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }));
      }
      List<String> first = texts(here, 2 * each);
      assertThat(texts(there, 2 * each)).isEqualTo(first);
      assertThat(first).doesNotHaveDuplicates();
      long ms = 0;
      long number = -1;
      for (String text : first) {
        Matcher id = ID.matcher(text);
        assertThat(id.find()).as(text).isTrue();
        long nextMs = Long.parseLong(id.group(1));
        long nextNumber = Long.parseLong(id.group(2));
        assertThat(nextMs > ms || (nextMs == ms && nextNumber > number)).as(text).isTrue();
        ms = nextMs;
        number = nextNumber;
      }
      for (Thread publisher : publishers) {
        publisher.join();
      }
    }
  }

  @Test
  void aPurgeReachesTheOtherNode() throws IOException {
    try (RawSocket socket = subscribed(connect(1, ""), "feed-9")) {
      for (String data : List.of("1", "2", "3")) {
        String id = publish(a, "feed-9", data);
        assertThat(next(socket)).isEqualTo(event("feed-9", data, id));
      }
      assertThat(a.post("/channels/feed-9/events/purge", "{}").body()).isEqualTo("{\"purged\":3}");
      assertThat(b.get("/channels/feed-9/events", "").body())
          .isEqualTo("{\"events\":[],\"complete\":true}");
      String four = event("feed-9", "4", publish(b, "feed-9", "4"));
      assertThat(next(socket)).isEqualTo(four);
      try (RawSocket fresh = subscribed(connect(0, ""), "feed-9")) {
        assertThat(next(fresh)).isEqualTo(four);
      }
    }
  }

  private static List<String> texts(RawSocket socket, int count) throws IOException {
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      String text = next(socket);
      if (text.contains("\"event\":\"e\"")) {
        texts.add(text);
      }
    }
    return texts;
  }
}
