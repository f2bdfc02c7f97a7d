package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.transport.HttpSockets;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which HTTP sockets of a lane are closed when file descriptors run short.
final class HttpSocketsTest {

  private static final String REQUEST = "GET /live HTTP/1.1\r\nHost: x\r\n\r\n";

  private final EmbeddedSocket first = new EmbeddedSocket(ServerOptions.DEFAULTS);
  private final EmbeddedSocket second = new EmbeddedSocket(first, EmbeddedSocket.NO_TLS);
  private final EmbeddedSocket third = new EmbeddedSocket(first, EmbeddedSocket.NO_TLS);

  private int close(int count, Duration minIdle) {
    LaneContext context = first.context();
    return context.http().closeOldest(count, context.nowNs(), minIdle.toNanos());
  }

  private List<Boolean> open() {
    return List.of(first.isOpen(), second.isOpen(), third.isOpen());
  }

  private void pass(int seconds) {
    first.clock().advance(Duration.ofSeconds(seconds));
  }

  @Test
  void theLongestIdleIsClosedFirst() {
    first.receive(REQUEST);
    pass(1);
    second.receive(REQUEST);
    pass(1);
    third.receive(REQUEST);
    pass(1);
    first.receive(REQUEST);
    assertThat(close(1, Duration.ZERO)).isEqualTo(1);
    assertThat(open()).containsExactly(true, false, true);
    assertThat(close(1, Duration.ZERO)).isEqualTo(1);
    assertThat(open()).containsExactly(true, false, false);
    assertThat(close(5, Duration.ZERO)).isEqualTo(1);
    assertThat(open()).containsExactly(false, false, false);
    assertThat(first.context().http().size()).isZero();
    assertThat(close(5, Duration.ZERO)).isZero();
  }

  @Test
  void requestsInProgressAndRecentOnesAreSpared() {
    second.receive(REQUEST);
    pass(10);
    third.receive(REQUEST);
    first.receive(REQUEST);
    first.receive("GET /li");
    assertThat(close(5, Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(open()).containsExactly(true, false, true);
    pass(1);
    first.receive(REQUEST.substring("GET /li".length()));
    assertThat(close(5, Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(open()).containsExactly(true, false, false);
  }

  @Test
  void strangersGoFirstAndUnfinishedRequestsLast() {
    EmbeddedSocket publisher = new EmbeddedSocket(first, EmbeddedSocket.NO_TLS);
    EmbeddedSocket body = new EmbeddedSocket(first, EmbeddedSocket.NO_TLS);
    first.receive(REQUEST);
    body.receive("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1234");
    publisher.receive(REQUEST);
    publisher.receive("POST /x HTTP/1.1\r\nHost");
    second.receive("GET /live HTTP/1.1\r\nHo"); // a stranger with half a head
    pass(1);
    assertThat(close(1, Duration.ofSeconds(1))).as("both strangers").isEqualTo(2);
    assertThat(open()).containsExactly(true, false, false);
    assertThat(close(1, Duration.ofSeconds(1))).as("the idle one").isEqualTo(1);
    assertThat(open()).containsExactly(false, false, false);
    assertThat(publisher.isOpen() && body.isOpen()).isTrue();
    assertThat(close(2, Duration.ofSeconds(1))).as("requests that do not end").isEqualTo(2);
    assertThat(publisher.isOpen() || body.isOpen()).isFalse();
  }

  @Test
  void socketsWithoutAHeadAreClosedEarlier() {
    first.receive(REQUEST);
    second.receive("GET");
    first.clock().advance(Duration.ofNanos(HttpSockets.STRANGER_NS));
    assertThat(close(5, Duration.ofSeconds(1))).isEqualTo(2);
    assertThat(open()).containsExactly(true, false, false);
  }
}
