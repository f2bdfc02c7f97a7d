package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.AppOptions;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A client that stops reading: others are not affected, and it is closed with a reason.
@Tag("one-node")
final class SlowConsumerTest {

  private static final String ROOM = "presence-firehose";
  private static final int MAX_EVENTS = 20_000;

  @Test
  void aSlowReaderIsDisconnectedAndTheOthersGetEverything() throws IOException {
    try (TestNode node = TestNode.start(Apps.with(TestNode.APP, AppOptions.DEFAULTS));
        Api api = new Api(node);
        RawSocket slow = node.connect();
        RawSocket neighbour = node.connect()) {
      slow.subscribe("firehose");
      slow.nextTextContaining("subscription_succeeded");
      neighbour.subscribe("firehose");
      neighbour.nextTextContaining("subscription_succeeded");
      String large = "x".repeat(10_000);
      int sent = 0;
      while (sent < MAX_EVENTS && node.server().connections(node.app()) == 2) {
        api.publish("firehose", "e" + sent, large);
        assertThat(neighbour.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
        sent++;
      }
      assertThat(node.server().connections(node.app())).isEqualTo(1);
      RawSocket.Frame close = slow.nextClose();
      assertThat(close.closeCode()).isEqualTo(4100);
      assertThat(close.closeReason())
          .matches(
              "Reading too slowly: \\d+ bytes are waiting, the limit is 1048576"
                  + " \\(max_pending_bytes\\)");
      neighbour.expectNothing();
    }
  }

  @Test
  void aSlowReaderThatMayMissEventsStaysAndStillGetsMemberChanges() throws IOException {
    Dropped dropped = new Dropped();
    AppOptions drops = AppOptions.DEFAULTS.withSlowReaders(SlowReaders.DROP);
    try (TestNode node =
            TestNode.start(
                TestNode.options(0),
                FanfareServer.Clocks.SYSTEM,
                dropped,
                Apps.with(TestNode.APP, drops));
        Api api = new Api(node);
        RawSocket slow = node.connect();
        RawSocket neighbour = node.connect()) {
      slow.subscribePresence(node.app(), ROOM, "{\"user_id\":\"slow\"}");
      slow.nextTextContaining("subscription_succeeded");
      neighbour.subscribePresence(node.app(), ROOM, "{\"user_id\":\"neighbour\"}");
      neighbour.nextTextContaining("subscription_succeeded");
      String large = "x".repeat(10_000);
      int sent = 0;
      while (sent < MAX_EVENTS && dropped.events.get() == 0) {
        api.publish(ROOM, "e" + sent, large);
        assertThat(neighbour.nextTextContaining("\"event\":\"e")).contains("\"e" + sent + "\"");
        sent++;
      }
      assertThat(dropped.events.get()).isPositive();
      try (RawSocket newcomer = node.connect()) {
        newcomer.subscribePresence(node.app(), ROOM, "{\"user_id\":\"newcomer\"}");
        newcomer.nextTextContaining("subscription_succeeded");
        assertThat(slow.nextTextContaining("member_added")).contains("neighbour");
        assertThat(slow.nextTextContaining("member_added")).contains("newcomer");
      }
      api.publish(ROOM, "caught-up", "");
      slow.nextTextContaining("\"caught-up\"");
      assertThat(node.server().connections(node.app())).isGreaterThanOrEqualTo(2);
    }
  }

  private static final class Dropped implements ServerListener {
    private final AtomicInteger events = new AtomicInteger();

    @Override
    public void on(Observation observation) {
      switch (observation) {
        case Observation.EventsDropped(_, _, var events) -> eventsDropped(events);
        default -> {}
      }
    }

    private void eventsDropped(int count) {
      events.addAndGet(count);
    }
  }
}
