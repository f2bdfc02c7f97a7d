package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that sends more bytes per second than the limit, in messages that are short on the wire
/// or long, is read more slowly; nothing is refused, and its neighbors notice nothing.
@Tag("one-node")
final class ReadRateTest {

  private static final int BYTES = 130_000;

  /// As many as the burst of one second allows, and the one that exceeds it.
  private static final int AT_ONCE = 1_048_576 / BYTES + 1;

  private static final String DEFLATE =
      "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";
  private static final String MESSAGE =
      "{\"event\":\"nonsense\",\"data\":\"" + "a".repeat(BYTES - 30) + "\"}";

  private final BlockingQueue<String> pauses = new LinkedBlockingQueue<>();
  private final ManualClock clock = new ManualClock();

  private TestNode start(int bytesPerSecond) {
    ServerListener observer =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            switch (observation) {
              case Observation.ReadingPaused(_, _, var reason) -> readingPaused(reason);
              default -> {}
            }
          }

          private void readingPaused(String reason) {
            pauses.add(reason);
          }
        };
    ServerOptions options = TestNode.options(0).withLanes(1).withReadBytesPerSecond(bytesPerSecond);
    return TestNode.start(options, clock.withSystemTime(), observer, TestNode.COMPRESSING_APP);
  }

  private static void send(RawSocket socket, boolean isDeflated, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (isDeflated) {
        socket.sendDeflated(MESSAGE);
      } else {
        socket.sendText(MESSAGE);
      }
    }
  }

  private static void expectAnswers(RawSocket socket, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(socket.nextText()).contains("Unsupported event received on socket: 'nonsense'");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatSendsTooMuchIsReadMoreSlowly(boolean isDeflated) throws Exception {
    try (TestNode node = start(1_048_576);
        RawSocket flooding = RawSocket.established(node.port(), node.app().key(), DEFLATE);
        RawSocket neighbor = node.connect()) {
      int count = AT_ONCE + 4;
      Thread sender =
          Thread.startVirtualThread(() -> {
            try {
              send(flooding, isDeflated, count);
            } catch (IOException e) {
              pauses.add("not sent: " + e);
            }
          });
      expectAnswers(flooding, AT_ONCE);
      assertThat(pauses.poll(10, TimeUnit.SECONDS))
          .isEqualTo(
              "it sends messages of more than 1048576 bytes per second, inflated"
                  + " (read_bytes_per_second)");
      neighbor.expectNothing();
      flooding.patience(Duration.ofMillis(200));
      assertThatThrownBy(flooding::nextText).isInstanceOf(SocketTimeoutException.class);
      flooding.patience(Duration.ofSeconds(10));
      clock.advance(Duration.ofSeconds(1));
      expectAnswers(flooding, count - AT_ONCE);
      sender.join();
      flooding.expectNothing();
      assertThat(pauses).isEmpty();
    }
  }

  @Test
  void manySmallMessagesCountToo() throws Exception {
    try (TestNode node = start(10_000);
        RawSocket flooding = node.connect()) {
      for (int i = 0; i < 100; i++) {
        flooding.sendText("{\"event\":\"pusher:ping\"}");
      }
      assertThat(pauses.poll(10, TimeUnit.SECONDS)).contains("10000 bytes");
      clock.advance(Duration.ofSeconds(2));
      for (int i = 0; i < 100; i++) {
        assertThat(flooding.nextText()).contains("pusher:pong");
      }
    }
  }

  @Test
  void withoutALimitNothingPauses() throws Exception {
    try (TestNode node = start(0);
        RawSocket client = RawSocket.established(node.port(), node.app().key(), DEFLATE)) {
      for (int i = 0; i < AT_ONCE + 4; i++) {
        send(client, true, 1);
        expectAnswers(client, 1);
      }
      assertThat(pauses).isEmpty();
    }
  }
}
