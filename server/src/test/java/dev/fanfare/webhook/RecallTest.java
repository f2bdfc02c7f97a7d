package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.NodesViewBuilder;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Sharing;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.disk.DurableOutbox;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.Presence;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node with others does about what it has reported before it was started.
final class RecallTest {

  private static final App APP =
      TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1/")));
  private static final List<Long> LIVES = List.of(7L, 8L);
  private static final List<Presence> REPORTED =
      List.of(
          new Presence(APP.id(), "presence-a", "", true),
          new Presence(APP.id(), "presence-a", "u", true));

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private final ViewedNodes nodes = new ViewedNodes(NodesView.ALONE);
  private final List<Fact> corrections = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // by restart
  private Outbox outbox;

  @AfterEach
  void close() {
    outbox.close();
  }

  private Outbox open() throws IOException {
    WebhookOptions options = WebhookOptions.DEFAULTS.withDataDir(folder.toString());
    return DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant);
  }

  /// A node that was killed after its reports, and started again.
  ///
  /// @param reportedByOther what another node says then
  private void restart(boolean hasElders, List<Presence> reportedByOther) throws IOException {
    try (Outbox before = open()) {
      assertThat(before.accept(List.of(), REPORTED)).isEmpty();
    }
    outbox = open();
    nodes.view =
        NodesViewBuilder.builder(new NodesView(7, LIVES, 0, 0)).hasElders(hasElders).build();
    Coordinator coordinator =
        new Coordinator(
            TestNode.apps(APP), nodes, outbox, new Webhooks.Clocks(clock, clock::instant));
    coordinator.join(
        new Channels(
            new Lanes(List.of()),
            new Changes(List.of()),
            clock,
            new Share("caches", "cache_memory_bytes", Long.MAX_VALUE),
            new Sharing(clock, clock::instant, 0, 1)));
    for (Presence presence : reportedByOther) {
      coordinator.receive(
          new BusMessage.Reported(
              APP.id(), presence.channel(), presence.userId(), State.PRESENT, 8));
    }
    coordinator.step(corrections::add);
  }

  @Test
  void nodesThatWereAllStartedGoOnFromTheirFiles() throws IOException {
    restart(false, List.of());
    assertThat(nodes.published)
        .extracting(message -> ((BusMessage.Reported) message).userId())
        .containsExactlyInAnyOrder("", "u");
    assertThat(outbox.unconfirmed(null, 10)).as("clients may come back").hasSize(2);
    assertThat(corrections).isEmpty();
  }

  @Test
  void whatAnotherNodeGoesOnFromIsNotRecalled() throws IOException {
    restart(false, REPORTED);
    assertThat(nodes.published).isEmpty();
    assertThat(outbox.unconfirmed(null, 10)).isEmpty();
  }

  @Test
  void nodesThatHaveStayedKnowWhatWasReported() throws IOException {
    restart(true, List.of());
    assertThat(nodes.published).isEmpty();
    assertThat(outbox.unconfirmed(null, 10)).isEmpty();
    assertThat(corrections).isEmpty();
  }
}
