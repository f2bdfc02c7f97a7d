package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The short form of [ChannelList]: facts instead of times.
final class ChannelListTest {

  private static final int CHANNELS = 30_000;

  @Test
  @Timeout(60)
  void aLongListIsCompleteAndSentInSeveralTasks() throws InterruptedException, ExecutionException {
    int names = IntStream.range(0, CHANNELS).map(i -> ("\"channel-" + i + "\":{},").length()).sum();
    try (ListedNode node = new ListedNode(CHANNELS)) {
      for (int i = 0; i < 3; i++) {
        long bytes = node.list();
        assertThat(bytes).isBetween(names + 14L, names + 1_000L);
      }
      assertThat(node.figures().tasks()).isGreaterThan(3L);
    }
  }
}
