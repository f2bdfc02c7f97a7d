package dev.fanfare.transport.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A socket without a network whose peer reads one response. As for a real socket, what is on the
/// heap is copied to a direct buffer. Confined to its loop.
public final class CountingSocket extends QuietSocket {

  private static final Pattern HEAD =
      Pattern.compile(
          "HTTP/1.1 200 OK\r\n.*?content-length: (\\d+)\r\n.*?\r\n\r\n",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private CompletableFuture<Long> response = new CompletableFuture<>();
  private final StringBuilder head = new StringBuilder();
  private long expected = Long.MAX_VALUE;
  private long received;

  /// A response follows.
  ///
  /// @param bytes gets its length once it is complete
  public void expect(CompletableFuture<Long> bytes) {
    response = bytes;
    head.setLength(0);
    expected = Long.MAX_VALUE;
    received = 0;
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof ByteBuf bytes && !bytes.isDirect()) {
      ByteBuf direct = alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
      bytes.release();
      return direct;
    }
    return message;
  }

  @Override
  protected void onSent(ByteBuf bytes) {
    received += bytes.readableBytes();
    if (expected == Long.MAX_VALUE) {
      head.append(bytes.toString(StandardCharsets.ISO_8859_1));
      Matcher matcher = HEAD.matcher(head);
      if (matcher.lookingAt()) {
        expected = matcher.end() + Long.parseLong(matcher.group(1));
      }
    }
    if (received >= expected) {
      response.complete(received);
    }
  }
}
