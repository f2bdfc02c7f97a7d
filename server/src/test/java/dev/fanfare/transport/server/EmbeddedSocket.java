package dev.fanfare.transport.server;

import dev.fanfare.budget.Ledger;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.tls.PortPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// One socket of a node, with the real handlers and no network: bytes in, bytes out, on the
/// caller's thread. Counts every byte of its buffers.
public final class EmbeddedSocket {

  static final PortPolicy NO_TLS = new PortPolicy(null, Parsed.PASSED, "no TLS");

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final EmbeddedChannel socket = new EmbeddedChannel();
  private final EmbeddedLane lane;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /// A socket of a server without TLS.
  public EmbeddedSocket(ServerOptions options) {
    this(options, NO_TLS);
  }

  public EmbeddedSocket(ServerOptions options, PortPolicy policy) {
    socket.config().setAllocator(allocator);
    lane = new EmbeddedLane(options, socket.eventLoop(), allocator, ServerListener.NONE);
    lane.pipeline(policy).init(lane.context(), socket);
  }

  /// Another socket of the same lane as `neighbour`, which must not be closed before this one.
  public EmbeddedSocket(EmbeddedSocket neighbour, PortPolicy policy) {
    socket.config().setAllocator(allocator);
    lane = neighbour.lane;
    lane.pipeline(policy).init(lane.context(), socket);
  }

  /// What the sockets of this lane share.
  LaneContext context() {
    return lane.context();
  }

  /// What the sockets of this lane hold.
  Ledger ledger() {
    return lane.ledger();
  }

  ManualClock clock() {
    return lane.offline().clock();
  }

  /// Receives one TCP segment; ignored once the socket is closed.
  public void receive(byte[] bytes, int from, int to) {
    if (socket.isOpen()) {
      ByteBuf segment = allocator.buffer(to - from).writeBytes(bytes, from, to - from);
      socket.writeInbound(segment);
      collect();
    }
  }

  boolean isOpen() {
    return socket.isOpen();
  }

  /// Receives text, all of it in one segment.
  public void receive(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    receive(bytes, 0, bytes.length);
  }

  /// Closes TCP and returns everything that was sent.
  public byte[] end() {
    socket.finish();
    collect();
    lane.context().backlog().onSweep();
    lane.context().close();
    socket.checkException();
    return sent.toByteArray();
  }

  /// Bytes of buffers that were not released.
  public long leakedBytes() {
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  private void collect() {
    Object message;
    while ((message = socket.readOutbound()) != null) {
      if (message instanceof ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        sent.writeBytes(copy);
      }
      ReferenceCountUtil.release(message);
    }
  }
}
