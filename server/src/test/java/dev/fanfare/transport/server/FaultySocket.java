package dev.fanfare.transport.server;

import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.websocket.FailingWrites;
import dev.fanfare.transport.websocket.Fault;
import dev.fanfare.transport.websocket.FaultyAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// A socket with all of the real handlers, whose buffers and writes may fail. Everything that it
/// sends is kept as text.
final class FaultySocket {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final Pattern EVENT = Pattern.compile("\"data\":\"event (\\d+)\"");

  private final EmbeddedChannel socket = new EmbeddedChannel();
  private final StringBuilder sent = new StringBuilder();
  private boolean left;

  FaultySocket(Pipeline pipeline, LaneContext context, FaultyAllocator allocator, Fault writes) {
    socket.config().setAllocator(allocator);
    socket.pipeline().addLast(new FailingWrites(writes));
    try {
      pipeline.init(context, socket);
    } catch (Fault.Injected e) {
      var _ = socket.close();
    }
  }

  /// Receives one segment, unless it is closed.
  void receive(byte[] bytes) {
    if (socket.isOpen()) {
      try {
        socket.writeInbound(Unpooled.copiedBuffer(bytes));
      } catch (Fault.Injected e) {
        var _ = socket.close(); // as the transport does when no handler takes it
      }
      collect();
    }
  }

  void receive(String text) {
    receive(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The peer goes.
  void leave() {
    left = true;
    var _ = socket.finishAndReleaseAll();
  }

  void collect() {
    socket.runPendingTasks();
    Object message;
    while ((message = socket.readOutbound()) != null) {
      if (message instanceof ByteBuf bytes) {
        sent.append(bytes.toString(StandardCharsets.ISO_8859_1));
      }
      ReferenceCountUtil.release(message);
    }
  }

  /// True if the server has closed it, or notified the client that it does.
  boolean isClosed() {
    boolean hasSaidSo = sent.indexOf("connection: close") >= 0 || sent.indexOf("pusher:error") >= 0;
    return !left && (!socket.isOpen() || hasSaidSo);
  }

  /// The statuses of all responses.
  List<Integer> statuses() {
    return STATUS.matcher(sent).results().map(match -> Integer.valueOf(match.group(1))).toList();
  }

  /// The numbers of the events, in the order in which they came.
  List<Integer> events() {
    return EVENT.matcher(sent).results().map(match -> Integer.valueOf(match.group(1))).toList();
  }

  boolean hasSent(String part) {
    return sent.indexOf(part) >= 0;
  }
}
