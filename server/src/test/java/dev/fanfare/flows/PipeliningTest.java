package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// A client that sends requests without reading the answers.
final class PipeliningTest {

  private static final byte[] REQUEST =
      "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ANSWER = "HTTP/1.1 404".getBytes(StandardCharsets.US_ASCII);

  /// Far more than all buffers between the two sides can hold.
  private static final int MOST = 200_000;

  private static final int SMALL_BUFFER = 32 * 1_024;
  private static final long STUCK_MS = 500;
  private static final long DEADLINE_MS = 20_000;

  /// Answers pile up in the server only up to a limit. Then it stops reading, the client's writes
  /// block, and nothing is lost once the client reads.
  @Test
  void isSlowedDownAndLosesNothing() throws IOException {
    try (TestNode node = TestNode.start();
        SocketChannel socket = SocketChannel.open();
        Selector selector = Selector.open()) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
      socket.setOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      socket.configureBlocking(false);
      SelectionKey key = socket.register(selector, SelectionKey.OP_WRITE);
      long sent = sendUntilHeldBack(socket, selector);
      assertThat(sent).as("bytes of accepted requests").isLessThan((long) MOST * REQUEST.length);
      key.interestOps(SelectionKey.OP_READ);
      long whole = sent / REQUEST.length;
      assertThat(countAnswers(socket, selector, whole)).isEqualTo(whole);
    }
  }

  private static long sendUntilHeldBack(SocketChannel socket, Selector selector)
      throws IOException {
    long sent = 0;
    while (sent < (long) MOST * REQUEST.length) {
      ByteBuffer next = ByteBuffer.wrap(REQUEST);
      next.position((int) (sent % REQUEST.length));
      int written = socket.write(next);
      sent += written;
      if (written == 0 && selector.select(STUCK_MS) == 0) {
        return sent;
      }
      selector.selectedKeys().clear();
    }
    return sent;
  }

  private static long countAnswers(SocketChannel socket, Selector selector, long expected)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(65_536);
    long deadline = System.nanoTime() + DEADLINE_MS * 1_000_000;
    long answers = 0;
    int matched = 0;
    while (answers < expected && System.nanoTime() < deadline) {
      selector.select(STUCK_MS);
      selector.selectedKeys().clear();
      buffer.clear();
      if (socket.read(buffer) < 0) {
        break;
      }
      for (buffer.flip(); buffer.hasRemaining(); ) {
        byte b = buffer.get();
        matched = b == ANSWER[matched] ? matched + 1 : b == ANSWER[0] ? 1 : 0;
        if (matched == ANSWER.length) {
          answers++;
          matched = 0;
        }
      }
    }
    return answers;
  }
}
