package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The queue from the wire to the cluster's thread.
final class IncomingTest {

  private final Incoming incoming = new Incoming();

  @Test
  void datagramsLeaveInTheirOrder() {
    incoming.add(new byte[] {1});
    incoming.add(new byte[] {2});
    assertThat(incoming.poll()).containsExactly(1);
    assertThat(incoming.poll()).containsExactly(2);
    assertThat(incoming.poll()).isNull();
    assertThat(incoming.isEmpty()).isTrue();
  }

  @Test
  void aDatagramAboveTheLimitIsDroppedAndCounted() {
    IntStream.range(0, Incoming.MAX_DATAGRAMS).forEach(_ -> incoming.add(new byte[1]));
    assertThat(incoming.dropped()).isZero();
    incoming.add(new byte[1]);
    assertThat(incoming.dropped()).isOne();
    assertThat(incoming.poll()).isNotNull();
    incoming.add(new byte[] {7});
    assertThat(incoming.dropped()).isOne();
  }

  @Test
  void theLongestDatagramFitsAndNothingAfterIt() {
    incoming.add(new byte[1]);
    incoming.add(new byte[(int) Incoming.MAX_BYTES]);
    assertThat(incoming.dropped()).isZero();
    incoming.add(new byte[1]);
    assertThat(incoming.dropped()).isOne();
    assertThat(incoming.poll()).hasSize(1);
    assertThat(incoming.poll()).hasSize((int) Incoming.MAX_BYTES);
  }
}
