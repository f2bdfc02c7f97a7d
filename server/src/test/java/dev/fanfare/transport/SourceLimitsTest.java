package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Reason;
import dev.fanfare.transport.address.Ip;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Limits per source address: exact counts, and entries that expire.
final class SourceLimitsTest {

  private final ManualClock clock = new ManualClock();

  private SourceLimits limits(int connections, int handshakes) {
    return new SourceLimits(
        ServerOptions.DEFAULTS
            .withMaxConnectionsPerAddress(connections)
            .withMaxHandshakesPerSecondPerAddress(handshakes),
        clock);
  }

  private static Ip ip(String text) {
    return Objects.requireNonNull(Ip.parse(text), text);
  }

  @Test
  void allowsABurstOfOneSecondAndThenTheRate() {
    SourceLimits limits = limits(0, 5);
    for (int i = 0; i < 5; i++) {
      assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    }
    assertThat(Reason.of(limits.handshake(ip("192.0.2.1"))))
        .isEqualTo(
            "192.0.2.1 made more than 5 handshakes in a second"
                + " (max_handshakes_per_second_per_address)");
    assertThat(limits.handshake(ip("192.0.2.2"))).isEqualTo(Parsed.PASSED);
    clock.advance(Duration.ofMillis(200));
    assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.handshake(ip("192.0.2.1"))).isInstanceOf(Parsed.Bad.class);
    clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 5; i++) {
      assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    }
    assertThat(limits.handshake(ip("192.0.2.1"))).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void anIpv6NetworkCountsAsOneAddress() {
    SourceLimits limits = limits(1, 1);
    assertThat(limits.handshake(ip("2001:db8::1"))).isEqualTo(Parsed.PASSED);
    assertThat(Reason.of(limits.handshake(ip("2001:db8::ffff:0:0:2"))))
        .startsWith("2001:db8::/64 made");
    assertThat(limits.handshake(ip("2001:db8:0:1::1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.connect(ip("2001:db8::1"))).isEqualTo(Parsed.PASSED);
    assertThat(Reason.of(limits.connect(ip("2001:db8::ffff:0:0:2"))))
        .isEqualTo("2001:db8::/64 has 1 connections, the limit (max_connections_per_address)");
  }

  @Test
  void idleAddressesAreDropped() {
    SourceLimits limits = limits(2, 2);
    assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.connect(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.connect(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    limits.disconnected(ip("192.0.2.1"));
    limits.sweep();
    assertThat(limits.addresses()).isEqualTo(2);
    limits.disconnected(ip("192.0.2.1"));
    clock.advance(Duration.ofMillis(500));
    limits.sweep();
    assertThat(limits.addresses()).isZero();
  }

  @Test
  void anAddressThatComesBackStaysCountedUntilItsBucketIsFull() {
    SourceLimits limits = limits(0, 2);
    for (int i = 0; i < 4; i++) {
      assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
      clock.advance(Duration.ofMillis(499));
      limits.sweep();
      assertThat(limits.addresses()).isEqualTo(1);
    }
    assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.handshake(ip("192.0.2.1"))).isInstanceOf(Parsed.Bad.class);
    clock.advance(Duration.ofSeconds(1));
    limits.sweep();
    clock.advance(Duration.ofMillis(500));
    limits.sweep();
    assertThat(limits.addresses()).isZero();
  }

  @Test
  void aFloodNeitherFillsMemoryNorLocksOthersOut() {
    SourceLimits limits = limits(0, 1);
    for (int i = 0; i < SourceLimits.MAX_ADDRESSES + 1_000; i++) {
      assertThat(limits.handshake(new Ip(0x2001_0db8_0000_0000L + i, 0))).isEqualTo(Parsed.PASSED);
    }
    assertThat(limits.addresses()).isEqualTo(SourceLimits.MAX_ADDRESSES);
    assertThat(limits.handshake(new Ip(0x2001_0db8_0000_0000L, 0))).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void manyThreadsGetExactlyTheLimit() throws InterruptedException {
    SourceLimits limits = limits(100, 50);
    AtomicInteger connected = new AtomicInteger();
    AtomicInteger shaken = new AtomicInteger();
    int threads = 8;
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread.startVirtualThread(() -> {
        for (int i = 0; i < 100; i++) {
          shaken.addAndGet(limits.handshake(ip("192.0.2.1")) instanceof Parsed.Ok ? 1 : 0);
          connected.addAndGet(limits.connect(ip("192.0.2.1")) instanceof Parsed.Ok ? 1 : 0);
        }
        done.countDown();
      });
    }
    done.await();
    assertThat(connected).hasValue(100);
    assertThat(shaken).hasValue(50);
  }

  @Test
  void withoutALimitNothingIsStored() {
    SourceLimits limits = limits(0, 0);
    assertThat(limits.handshake(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.connect(ip("192.0.2.1"))).isEqualTo(Parsed.PASSED);
    assertThat(limits.addresses()).isZero();
  }
}
