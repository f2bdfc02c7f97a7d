package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Strangers create 20,000 channels within seconds, and leave them all: others get every event and
/// every pong, and all channels are gone afterwards.
@Tag("one-node") // about the time of one node's lanes
final class FreshChannelsTest {

  private static final int STRANGERS = 20;
  private static final int CHANNELS = 1_000; // the default of max_subscriptions
  private static final int EVENTS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void aFloodOfFreshChannelsCostsOthersNothing() throws Exception {
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        RawSocket bystander = node.connect();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      bystander.patience(PATIENCE);
      bystander.subscribe("bystanders");
      var _ = bystander.nextTextContaining("subscription_count");
      List<Future<Integer>> strangers = new ArrayList<>();
      for (int i = 0; i < STRANGERS; i++) {
        int stranger = i;
        strangers.add(threads.submit((Callable<Integer>) () -> flood(node, stranger)));
      }
      for (int event = 0; event < EVENTS; event++) {
        api.publish("bystanders", "numbered", "event " + event);
        bystander.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
        expectEventAndPong(bystander, event);
      }
      for (Future<Integer> stranger : strangers) {
        assertThat(stranger.get()).isEqualTo(CHANNELS);
      }
      await()
          .atMost(PATIENCE)
          .until(
              () -> api.get("/channels", "").body(), "{\"channels\":{\"bystanders\":{}}}"::equals);
    }
  }

  /// In either order; nothing else arrives.
  private static void expectEventAndPong(RawSocket bystander, int event) throws IOException {
    List<String> texts = List.of(bystander.nextText(), bystander.nextText());
    assertThat(texts).anyMatch(text -> text.contains("pusher:pong"));
    assertThat(texts).anyMatch(text -> text.contains("\"event " + event + "\""));
  }

  /// Returns how many of its subscriptions have succeeded.
  private static int flood(TestNode node, int stranger) throws IOException {
    try (RawSocket client = node.connect()) {
      client.patience(PATIENCE);
      for (int i = 0; i < CHANNELS; i++) {
        client.subscribe("fresh-" + stranger + "-" + i);
      }
      int succeeded = 0;
      while (succeeded < CHANNELS) {
        String text = client.nextText();
        assertThat(text).doesNotContain("pusher:error").doesNotContain("subscription_error");
        succeeded += text.contains("subscription_succeeded") ? 1 : 0;
      }
      return succeeded;
    }
  }
}
