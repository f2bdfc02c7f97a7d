package dev.fanfare.transport;

import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.channel.Lane;
import dev.fanfare.observe.Readiness;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.OfflineNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// One socket of a node, with the real handlers and no network: bytes in, bytes out, on the
/// caller's thread. Counts every byte of its buffers.
final class EmbeddedSocket {

  static final PortPolicy NO_TLS = new PortPolicy(null, null, "no TLS");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final EmbeddedChannel socket = new EmbeddedChannel();
  private final LaneContext context;
  private final Node node;
  private final ManualClock clock;
  private final Ledger ledger;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /// A socket of a server without TLS.
  EmbeddedSocket(ServerOptions options) {
    this(options, NO_TLS);
  }

  EmbeddedSocket(ServerOptions options, PortPolicy policy) {
    socket.config().setAllocator(allocator);
    ledger = Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess());
    EventLoop loop = socket.eventLoop();
    Deflation deflation = new Deflation();
    Backlog backlog = new Backlog(ledger.backlog(), new Relief(), loop);
    Lane lane =
        new Lane(
            0,
            loop,
            loop,
            () -> true,
            new SharedFrame.Maker(allocator, deflation::deflate, backlog));
    OfflineNode offline = new OfflineNode(lane);
    clock = offline.clock();
    context =
        new LaneContext(
            lane,
            new Heartbeat(offline.clock(), lane.tally()),
            new HttpSockets(options),
            new DateHeader(offline.clock()::instant),
            deflation,
            new Inflation(),
            new Holdings(ledger.requests(), new Relief(), lane::execute),
            backlog,
            RANDOM,
            offline.clock());
    SourceLimits sources = new SourceLimits(options, offline.clock());
    node =
        new Node(
            options,
            offline.apps(),
            offline.services(),
            offline.router(),
            sources,
            new FileBudget(new OpenFiles.Unlimited(), () -> 0, 0),
            new Readiness());
    new Pipeline(node, _ -> context, policy).init(context, socket);
  }

  /// Another socket of the same lane as `neighbour`, which must not be closed before this one.
  EmbeddedSocket(EmbeddedSocket neighbour, PortPolicy policy) {
    socket.config().setAllocator(allocator);
    ledger = neighbour.ledger;
    context = neighbour.context;
    clock = neighbour.clock;
    node = neighbour.node;
    new Pipeline(node, _ -> context, policy).init(context, socket);
  }

  /// What the sockets of this lane share.
  LaneContext context() {
    return context;
  }

  /// What the sockets of this lane hold.
  Ledger ledger() {
    return ledger;
  }

  ManualClock clock() {
    return clock;
  }

  /// Receives one TCP segment; ignored once the socket is closed.
  void receive(byte[] bytes, int from, int to) {
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
  void receive(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    receive(bytes, 0, bytes.length);
  }

  /// Closes TCP and returns everything that was sent.
  byte[] end() {
    socket.finish();
    collect();
    context.backlog().onSweep();
    context.close();
    socket.checkException();
    return sent.toByteArray();
  }

  /// Bytes of buffers that were not released.
  long leakedBytes() {
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
