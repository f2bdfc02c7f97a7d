package dev.fanfare.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LoadTest {

  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void validLoadsPass() {
    assertThatCode(() -> load(1_000, 10, 128, 10).requireValid()).doesNotThrowAnyException();
  }

  @Test
  void everyOptionOutOfBoundsIsNamedAtOnce() {
    assertThatThrownBy(() -> load(1_000_000, 0, 31, 86_400).requireValid())
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "--connections (--subscribers) is 1000000, but must be from 1 to 200000;"
                + " --channels is 0, but must be from 1 to 65536;"
                + " --size is 31, but must be from 32 to 65000;"
                + " --duration is 86400, but must be from 0.1 to 7200.");
  }

  @Test
  void noChannelIsEmpty() {
    assertThatThrownBy(() -> load(3, 4, 128, 1).requireValid())
        .hasMessage("--channels must not exceed --connections: some channels would be empty.");
  }

  @Test
  void channelNamesHaveTheSameLength() {
    Load load = load(100, 100, 128, 1);
    assertThat(load.channelName(7))
        .isEqualTo("load-0000aa-00007")
        .hasSameSizeAs(load.channelName(12_345));
  }

  @Test
  void compressedSubscribersAreSpreadOverEveryChannel() {
    Load quarter = load(80, 10, 128, 1).withCompressedPercent(25);
    assertThat(quarter.compressedConnections()).isEqualTo(20);
    for (int channel = 0; channel < 10; channel++) {
      int number = channel;
      assertThat(IntStream.range(0, 8).filter(i -> quarter.isCompressed(10 * i + number)))
          .as("channel %d", channel)
          .hasSize(2);
    }
    assertThat(load(4, 4, 128, 1).withCompressedPercent(50).compressedConnections()).isEqualTo(2);
    assertThat(load(7, 3, 128, 1).withCompressedPercent(100).compressedConnections()).isEqualTo(7);
    assertThat(load(7, 3, 128, 1).compressedConnections()).isZero();
  }

  @Test
  void subscribersOfEveryChannelAreSpreadOverAllNodes() {
    for (int channels : new int[] {1, 2, 3, 4, 6, 10}) {
      Load load = load(60, channels, 128, 1);
      for (int channel = 0; channel < channels; channel++) {
        int number = channel;
        for (int nodes : new int[] {2, 3}) {
          assertThat(
                  IntStream.range(0, 60)
                      .filter(i -> i % channels == number)
                      .map(i -> load.nodeOf(i, nodes))
                      .boxed()
                      .distinct())
              .hasSize(nodes);
        }
      }
    }
  }

  private static Load load(int connections, int channels, int size, long seconds) {
    return LoadBuilder.builder()
        .connections(connections)
        .channels(channels)
        .publishers(1)
        .window(1)
        .maxUndelivered(64)
        .rate(0)
        .warmupRate(0)
        .size(size)
        .durationNs(seconds * SECOND_NS)
        .warmupNs(0)
        .privateChannels(false)
        .via(Via.HTTP)
        .seed(1)
        .stalled(0)
        .probe(false)
        .compressedPercent(0)
        .signal(Signal.NONE)
        .replay(0)
        .run("0000aa")
        .build();
  }
}
