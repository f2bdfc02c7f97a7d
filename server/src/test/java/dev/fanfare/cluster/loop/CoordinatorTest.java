package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.testing.ClusterNodes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who sends the webhooks for what ends with a node.
final class CoordinatorTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int CHANNELS = 16;

  /// About half of the channels are coordinated by each of the two nodes.
  @Test
  void aNodeThatShutsDownCoordinatesNoneOfItsEntriesThatEnd() throws Exception {
    List<Cluster> nodes = ClusterNodes.join(2);
    Cluster leaves = nodes.getLast();
    try (Cluster stays = nodes.getFirst()) {
      List<CompletableFuture<Boolean>> ended =
          Stream.generate(CompletableFuture<Boolean>::new).limit(CHANNELS).toList();
      List<CompletableFuture<Boolean>> begun =
          Stream.generate(CompletableFuture<Boolean>::new).limit(CHANNELS).toList();
      stays.onMessage((_, message, _) -> {
        if (message instanceof BusMessage.Interest(var app, var channel, int count, var _)) {
          int index = Integer.parseInt(channel.substring(1));
          boolean isCoordinator = stays.nodes().isCoordinator(app, channel);
          (count == 0 ? ended : begun).get(index).complete(isCoordinator);
        }
      });
      for (int i = 0; i < CHANNELS; i++) {
        leaves.publish(new BusMessage.Interest("1", "c" + i, 1, System.nanoTime()));
      }
      await().atMost(PATIENCE).until(() -> begun.stream().allMatch(CompletableFuture::isDone));
      leaves.close();
      for (CompletableFuture<Boolean> channel : ended) {
        assertThat(channel.get(1, TimeUnit.MINUTES)).isTrue();
      }
    }
  }
}
