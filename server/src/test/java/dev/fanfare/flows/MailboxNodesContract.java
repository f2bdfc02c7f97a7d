package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RawSocket.Frame;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Mailboxes of two processes that keep events and positions together in a real engine.
abstract class MailboxNodesContract {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Variables of both nodes.
  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "box-"),
          Map.entry("FANFARE_APP_HISTORY_0_REPLAY", "mailbox"),
          Map.entry("FANFARE_APP_HISTORY_1_CHANNELS_PREFIX", "shared-"),
          Map.entry("FANFARE_APP_HISTORY_1_REPLAY", "mailbox"),
          Map.entry("FANFARE_APP_HISTORY_1_NEW_READER", "shared"),
          Map.entry("FANFARE_APP_HISTORY_2_CHANNELS_PREFIX", "none-"),
          Map.entry("FANFARE_APP_HISTORY_2_REPLAY", "mailbox"),
          Map.entry("FANFARE_APP_HISTORY_2_NEW_READER", "none"),
          Map.entry("FANFARE_APP_HISTORY_3_CHANNELS_PREFIX", "two-"),
          Map.entry("FANFARE_APP_HISTORY_3_REPLAY", "mailbox"),
          Map.entry("FANFARE_APP_HISTORY_3_REPLAY_EVENTS", "2"));

  private EngineNodes nodes;
  private Api a;
  private Api b;

  /// Starts the engine and two nodes.
  abstract EngineNodes start(Map<String, String> variables) throws IOException;

  @BeforeEach
  void start() throws IOException {
    nodes = start(RULES);
    a = new Api(nodes.node(0).port(), APP);
    b = new Api(nodes.node(1).port(), APP);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    nodes.close();
  }

  private RawSocket connect(int node, String tag) throws IOException {
    String key = tag.isEmpty() ? APP.key() : APP.key() + "/" + tag;
    RawSocket socket = RawSocket.established(nodes.node(node).port(), key);
    socket.patience(PATIENCE);
    return socket;
  }

  private static String publish(Api api, String channel, String data) throws IOException {
    return KeptEvents.publish(api, channel, data, "");
  }

  /// Receives these events; on a busy machine, the node asks between two of them what has arrived.
  private static void expect(RawSocket socket, String... events) throws IOException {
    for (String event : events) {
      Frame frame = socket.nextFrame();
      while (frame.opcode() == RawSocket.PING) {
        socket.sendFrame(RawSocket.PONG, true, frame.payload());
        frame = socket.nextFrame();
      }
      assertThat(frame.text()).isEqualTo(event);
    }
  }

  /// Answers the node's questions until the engine knows that a reader has confirmed an event.
  private void confirm(RawSocket socket, String channel, String reader, String id)
      throws IOException {
    Frame ping = socket.nextFrame();
    assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
    socket.sendFrame(RawSocket.PONG, true, ping.payload());
    awaitConfirmed(channel, reader, id);
  }

  private void awaitConfirmed(String channel, String reader, String id) {
    await().atMost(PATIENCE).until(() -> nodes.hasConfirmed(APP, channel, reader, id));
  }

  /// Shows that nothing else was sent: what comes next is a new event.
  private void expectNothingBefore(RawSocket socket, String channel, String data)
      throws IOException {
    expect(socket, event(channel, data, publish(b, channel, data)));
  }

  @Test
  void aDeviceGetsOnTheOtherNodeWhatItHasNotConfirmed() throws IOException {
    String one = publish(a, "box-7", "1");
    try (RawSocket phone = connect(0, "phone~1")) {
      subscribe(phone, "box-7");
      expect(phone, event("box-7", "1", one));
      confirm(phone, "box-7", "d:phone", one);
    }
    String two = publish(a, "box-7", "2");
    String three = publish(b, "box-7", "3");
    for (String tag : List.of("phone~1", "phone~2")) { // the same page, and the next one
      try (RawSocket phone = connect(1, tag)) {
        subscribe(phone, "box-7");
        expect(phone, event("box-7", "2", two), event("box-7", "3", three));
      }
    }
    try (RawSocket desk = connect(1, "desk")) {
      subscribe(desk, "box-7");
      expect(desk, event("box-7", "1", one), event("box-7", "2", two), event("box-7", "3", three));
      confirm(desk, "box-7", "d:desk", three);
      expectNothingBefore(desk, "box-7", "4");
    }
  }

  @Test
  void aKilledNodeTakesNoPositionsWithIt() throws IOException {
    String two;
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "box-7");
      String one = publish(b, "box-7", "1");
      expect(phone, event("box-7", "1", one));
      confirm(phone, "box-7", "d:phone", one);
      two = publish(a, "box-7", "2");
      expect(phone, event("box-7", "2", two));
      nodes.signal(0, "KILL"); // before it was confirmed
    }
    String three = publish(b, "box-7", "3");
    try (RawSocket phone = connect(1, "phone")) {
      subscribe(phone, "box-7");
      expect(phone, event("box-7", "2", two), event("box-7", "3", three));
      expectNothingBefore(phone, "box-7", "4");
    }
  }

  @Test
  void clientsWithoutANameShareOneReader() throws IOException {
    String one = publish(a, "box-7", "1");
    try (RawSocket first = connect(0, "~a")) {
      subscribe(first, "box-7");
      expect(first, event("box-7", "1", one));
      confirm(first, "box-7", "", one);
    }
    try (RawSocket second = connect(1, "~b")) {
      subscribe(second, "box-7");
      expectNothingBefore(second, "box-7", "2");
    }
  }

  @Test
  void aNewDeviceGetsWhatTheRuleSays() throws IOException {
    publish(a, "none-7", "1");
    String one = publish(a, "shared-7", "1");
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "none-7");
      subscribe(phone, "shared-7");
      expect(phone, event("shared-7", "1", one));
      confirm(phone, "shared-7", "d:phone", one);
    }
    String two = publish(a, "none-7", "2");
    String twoShared = publish(b, "shared-7", "2");
    try (RawSocket phone = connect(1, "phone");
        RawSocket desk = connect(1, "desk")) {
      subscribe(phone, "none-7");
      expect(phone, event("none-7", "2", two));
      subscribe(desk, "none-7");
      subscribe(desk, "shared-7");
      expect(desk, event("shared-7", "2", twoShared));
      expectNothingBefore(desk, "none-7", "3");
    }
  }

  @Test
  void aDeviceIsNotifiedOfWhatItCannotGet() throws IOException {
    String one = publish(a, "two-7", "1");
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "two-7");
      expect(phone, event("two-7", "1", one));
      confirm(phone, "two-7", "d:phone", one);
    }
    publish(a, "two-7", "2");
    String three = publish(a, "two-7", "3");
    String four = publish(a, "two-7", "4");
    try (RawSocket phone = connect(1, "phone")) {
      subscribe(phone, "two-7");
      String gap =
          "{\\\"reason\\\":\\\"too_many\\\",\\\"after\\\":\\\"%s\\\",\\\"oldest\\\":\\\"%s\\\"}"
              .formatted(one, three);
      expect(
          phone,
          "{\"event\":\"fanfare:gap\",\"channel\":\"two-7\",\"data\":\"" + gap + "\"}",
          event("two-7", "3", three),
          event("two-7", "4", four));
    }
  }

  @Test
  void aPurgeOfTheUserForgetsTheDevices() throws IOException {
    String one = publish(a, "box-7", "1");
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "box-7");
      expect(phone, event("box-7", "1", one));
      confirm(phone, "box-7", "d:phone", one);
    }
    publish(a, "box-7", "2");
    assertThat(b.post("/users/7/events/purge", "{}").body()).isEqualTo("{\"purged\":2}");
    assertThat(nodes.hasConfirmed(APP, "box-7", "d:phone", one)).isFalse();
    try (RawSocket desk = connect(1, "desk")) {
      subscribe(desk, "box-7");
      expectNothingBefore(desk, "box-7", "3");
    }
  }

  /// A device that comes while the engine does not answer is notified, gets live events, and what
  /// it missed when it comes again.
  @Test
  void whileTheEngineIsAwayDevicesGetLiveEvents() throws IOException {
    String one = publish(a, "box-7", "1");
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "box-7");
      expect(phone, event("box-7", "1", one));
      confirm(phone, "box-7", "d:phone", one);
    }
    String two = publish(a, "box-7", "2");
    String three;
    nodes.engine().pause();
    try (RawSocket phone = connect(1, "phone")) {
      subscribe(phone, "box-7");
      assertThat(phone.nextText()).contains("\"event\":\"fanfare:gap\"").contains("lost");
      await().atMost(PATIENCE).until(() -> nodes.isHistoryAway(0) && nodes.isHistoryAway(1));
      nodes.engine().resume();
      nodes.awaitJoined();
      three = publish(a, "box-7", "3");
      expect(phone, event("box-7", "3", three));
    }
    try (RawSocket phone = connect(0, "phone")) {
      subscribe(phone, "box-7");
      expect(phone, event("box-7", "2", two), event("box-7", "3", three));
      confirm(phone, "box-7", "d:phone", three);
    }
  }
}
