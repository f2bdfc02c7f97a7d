package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every limit on a number, reached by many at once: exactly that many are accepted, and after all
/// have left, in every possible way, exactly as many are accepted again.
@Tag("one-node")
final class ExactLimitsTest {

  private static final App APP =
      Apps.with(
          Apps.with(PlainApp.APP, AppOptions.DEFAULTS.withClientEvents(true)),
          limits ->
              limits
                  .withMaxPresenceMembers(10)
                  .withMaxSubscriptions(12)
                  .withMaxHttpEventsPerSecond(50));

  private static final App ASKING =
      Apps.with(
          Apps.another("8", AppOptions.DEFAULTS), limits -> limits.withMaxHttpReadsPerSecond(30));

  private static final App CROWDED =
      Apps.with(Apps.another("9", AppOptions.DEFAULTS), limits -> limits.withMaxConnections(20));

  /// Counts refusals by setting, as metrics do.
  private static final class Refusals implements ServerListener {
    private final Map<Quota, LongAdder> counts = new ConcurrentHashMap<>();

    @Override
    public void on(Observation observation) {
      switch (observation) {
        case Observation.QuotaExceeded(_, var quota) -> quotaExceeded(quota);
        default -> {}
      }
    }

    private void quotaExceeded(Quota quota) {
      counts.computeIfAbsent(quota, _ -> new LongAdder()).increment();
    }

    int take(Quota quota) {
      LongAdder count = counts.remove(quota);
      return count == null ? 0 : count.intValue();
    }
  }

  private final ManualClock clock = new ManualClock();
  private final Refusals refusals = new Refusals();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    FanfareServer.Clocks clocks = clock.withSystemTime();
    node = TestNode.start(TestNode.options(0).withLanes(4), clocks, refusals, APP, ASKING, CROWDED);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  @Test
  void connections() throws IOException {
    String target = "/app/" + CROWDED.key() + "?protocol=7";
    for (int round = 0; round < 3; round++) {
      List<RawSocket> sockets = AtOnce.run(60, _ -> RawSocket.upgraded(node.port(), target));
      int in = 0;
      for (RawSocket socket : sockets) {
        String first = socket.nextText();
        assertThat(first).containsAnyOf("connection_established", "\"code\":4004");
        in += first.contains("connection_established") ? 1 : 0;
      }
      assertThat(in).isEqualTo(20);
      assertThat(refusals.take(Quota.CONNECTIONS)).isEqualTo(40);
      assertThat(node.server().connections(CROWDED)).isEqualTo(20);
      leave(sockets);
      // Clients that connect and disconnect without waiting, in the middle of any operation.
      AtOnce.run(100, ExactLimitsTest.this::connectAndDisconnect);
      await().until(() -> node.server().connections(CROWDED) == 0);
      refusals.take(Quota.CONNECTIONS);
    }
  }

  private boolean connectAndDisconnect(int number) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      byte[] subscribe =
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\"}}"
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      socket.sendHandshakeAnd(
          "/app/" + CROWDED.key() + "?protocol=7",
          number % 2 == 0 ? RawSocket.frame(0x81, true, subscribe) : new byte[0]);
      if (number % 3 == 0) {
        socket.readHead();
      }
      return true;
    }
  }

  /// Some send a close frame, some only close the socket.
  private static void leave(List<RawSocket> sockets) throws IOException {
    for (int i = 0; i < sockets.size(); i++) {
      if (i % 2 == 0) {
        sockets.get(i).sendClose(1000, "");
        sockets.get(i).nextClose();
      }
      sockets.get(i).close();
    }
  }

  /// Thirty users, each with two connections: a second connection of a member does not count.
  @Test
  void presenceMembers() throws IOException {
    List<RawSocket> sockets = AtOnce.run(60, _ -> node.connect());
    for (int round = 0; round < 3; round++) {
      List<Boolean> in = AtOnce.run(60, number -> join(sockets.get(number), number / 2));
      assertThat(Collections.frequency(in, true)).isEqualTo(20);
      for (int user = 0; user < 30; user++) {
        assertThat(in.get(2 * user)).isEqualTo(in.get(2 * user + 1));
      }
      assertThat(refusals.take(Quota.PRESENCE_MEMBERS)).isEqualTo(40);
      assertThat(users()).isEqualTo(10);
      AtOnce.run(60, number -> goneFrom(sockets, number));
      await().until(() -> users() == 0);
    }
    leave(sockets);
  }

  private static boolean join(RawSocket socket, int user) throws IOException {
    socket.subscribePresence(APP, "presence-a", "{\"user_id\":\"" + user + "\"}");
    while (true) {
      String text = socket.nextText();
      if (text.contains("subscription_succeeded")) {
        return true;
      }
      if (text.contains("subscription_error")) {
        assertThat(text).contains("LimitReached", "max_presence_members");
        return false;
      }
    }
  }

  /// Half of them unsubscribe, which refused ones cannot; the others reconnect.
  private boolean goneFrom(List<RawSocket> sockets, int number) throws IOException {
    RawSocket socket = sockets.get(number);
    if (number % 4 < 2) {
      socket.unsubscribe("presence-a");
      pinged(socket);
    } else {
      socket.close();
      sockets.set(number, node.connect());
    }
    return true;
  }

  private int users() throws IOException {
    String users = api.get("/channels/presence-a/users", "").body();
    assertThat(users).startsWith("{\"users\":[");
    return users.split("\"id\"", -1).length - 1;
  }

  @Test
  void subscriptionsOfOneConnection() throws IOException {
    List<RawSocket> sockets = AtOnce.run(8, _ -> node.connect());
    for (int round = 0; round < 3; round++) {
      List<Integer> in = AtOnce.run(8, number -> subscribed(sockets.get(number)));
      assertThat(in).containsOnly(12);
      assertThat(refusals.take(Quota.SUBSCRIPTIONS)).isEqualTo(8 * 18);
    }
    leave(sockets);
  }

  /// Subscribes to thirty channels, to each of them twice, and leaves all of them.
  private static int subscribed(RawSocket socket) throws IOException {
    for (int i = 0; i < 12; i++) {
      socket.subscribe("c" + i);
      socket.subscribe("c" + i);
    }
    for (int i = 12; i < 30; i++) {
      socket.subscribe("c" + i);
    }
    List<String> answers = pinged(socket);
    for (int i = 0; i < 30; i++) {
      socket.unsubscribe("c" + i);
    }
    pinged(socket);
    assertThat(answers).filteredOn(a -> a.contains("Existing subscription")).hasSize(12);
    return (int) answers.stream().filter(a -> a.contains("subscription_succeeded")).count();
  }

  /// All frames until everything sent so far has been answered.
  private static List<String> pinged(RawSocket socket) throws IOException {
    socket.sendText("{\"event\":\"pusher:ping\"}");
    List<String> texts = new ArrayList<>();
    String text = socket.nextText();
    while (!text.startsWith("{\"event\":\"pusher:pong\"")) {
      texts.add(text);
      text = socket.nextText();
    }
    return texts;
  }

  @Test
  void httpEvents() throws IOException {
    try (RawSocket socket = PlainApp.subscriber(node, "a")) {
      for (int round = 0; round < 3; round++) {
        assertThat(passed(100, this::publish)).isEqualTo(50);
        assertThat(refusals.take(Quota.HTTP_EVENTS)).isEqualTo(50);
        clock.advance(Duration.ofSeconds(1));
        assertThat(passed(40, this::publishThree)).as("batches of three").isEqualTo(16);
        assertThat(refusals.take(Quota.HTTP_EVENTS)).isEqualTo(24);
        assertThat(passed(10, this::publish)).as("single events after the batches").isEqualTo(2);
        assertThat(refusals.take(Quota.HTTP_EVENTS)).isEqualTo(8);
        for (int i = 0; i < 100; i++) {
          assertThat(socket.nextText()).isEqualTo(PlainApp.frame("e", "a", "\"1\""));
        }
        socket.expectNothing();
        clock.advance(Duration.ofSeconds(1));
      }
    }
  }

  private int publish(int number) throws IOException {
    return api.post("/events", "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\"}").statusCode();
  }

  private int publishThree(int number) throws IOException {
    String event = "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\"}";
    String batch = "{\"batch\":[" + event + "," + event + "," + event + "]}";
    return api.post("/batch_events", batch).statusCode();
  }

  @Test
  void httpReads() throws IOException {
    try (Api asking = new Api(node.port(), ASKING)) {
      for (int round = 0; round < 3; round++) {
        assertThat(passed(90, _ -> asking.get("/channels", "").statusCode())).isEqualTo(30);
        assertThat(refusals.take(Quota.HTTP_READS)).isEqualTo(60);
        clock.advance(Duration.ofSeconds(1));
      }
    }
  }

  private static int passed(int count, AtOnce.Attempt<Integer> request) throws IOException {
    List<Integer> statuses = AtOnce.run(count, request);
    assertThat(statuses).containsOnly(200, 429);
    return Collections.frequency(statuses, 200);
  }

  @Test
  void clientEventsOfOneConnection() throws IOException {
    List<RawSocket> sockets = AtOnce.run(8, _ -> node.connect());
    try (RawSocket receiver = node.connect()) {
      receiver.subscribePrivate(APP, "private-a");
      pinged(receiver);
      for (RawSocket socket : sockets) {
        socket.subscribePrivate(APP, "private-a");
        pinged(socket);
      }
      for (int round = 0; round < 3; round++) {
        List<Long> refused = AtOnce.run(8, number -> refused(sockets.get(number)));
        assertThat(refused).containsOnly(15L);
        assertThat(refusals.take(Quota.CLIENT_EVENTS)).isEqualTo(8 * 15);
        for (int i = 0; i < 80; i++) {
          assertThat(receiver.nextText()).contains("client-e");
        }
        receiver.expectNothing();
        clock.advance(Duration.ofSeconds(1));
      }
    }
    leave(sockets);
  }

  private static long refused(RawSocket socket) throws IOException {
    for (int i = 0; i < 25; i++) {
      socket.trigger("private-a", "client-e", "1");
    }
    return pinged(socket).stream().filter(text -> text.contains("\"code\":4301")).count();
  }
}
