package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.NatsNodes;
import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that keep events together in the JetStream of a real NATS.
@Tag("one-node")
final class SharedHistoryOnNatsTest extends SharedHistoryContract {

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // in startNodes
  private NatsNodes nodes;

  @Override
  void startNodes() throws IOException {
    nodes = NatsNodes.start(folder, 2, APP, RULES);
  }

  @Override
  void stopNodes() {
    nodes.close();
  }

  @Override
  int port(int node) {
    return nodes.node(node).port();
  }

  @Override
  void awaitPosition(String id) {
    String key = "n." + APP.id() + ".note-7.t_3aphone";
    await().atMost(PATIENCE).until(() -> nodes.value(key).contains(" " + id + " "));
  }

  /// What was kept before the engine was killed is there afterwards, and nodes go on without it.
  @Test
  void whileNatsIsAwayEventsAreLive() throws IOException {
    try (Api a = new Api(port(0), APP);
        RawSocket socket = connect(0, "")) {
      KeptEvents.subscribe(socket, "note-8");
      String one = KeptEvents.publish(a, "note-8", "1", "");
      assertThat(next(socket)).isEqualTo(KeptEvents.event("note-8", "1", one));
      nodes.nats().process().kill();
      await().atMost(PATIENCE).until(() -> nodes.isHistoryAway(0));
      assertThat(a.get("/channels/note-8/events", "").statusCode()).isEqualTo(503);
      String body = "{\"name\":\"e\",\"channel\":\"note-8\",\"data\":\"2\"}";
      assertThat(a.post("/events", body).body()).isEqualTo("{}");
      assertThat(next(socket)).isEqualTo("{\"event\":\"e\",\"channel\":\"note-8\",\"data\":\"2\"}");
      nodes.nats().process().restart();
      nodes.awaitJoined();
      String three = KeptEvents.publish(a, "note-8", "3", "");
      assertThat(next(socket)).isEqualTo(KeptEvents.event("note-8", "3", three));
      assertThat(a.get("/channels/note-8/events", "").body())
          .contains("\"data\":\"1\"")
          .contains("\"data\":\"3\"")
          .doesNotContain("\"data\":\"2\"");
    }
  }
}
