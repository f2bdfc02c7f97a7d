package dev.fanfare.transport.server;

import dev.fanfare.app.App;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.DateHeader;
import dev.fanfare.transport.Deflation;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.Heartbeat;
import dev.fanfare.transport.HttpSockets;
import dev.fanfare.transport.Inflation;
import dev.fanfare.transport.InputBudget;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.LaneContextBuilder;
import dev.fanfare.transport.OpenFiles;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.SocketContextBuilder;
import dev.fanfare.transport.SourceLimits;
import dev.fanfare.transport.fallback.Fallbacks;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.memory.DirectMemory;
import dev.fanfare.transport.memory.Holdings;
import dev.fanfare.transport.memory.Relief;
import dev.fanfare.transport.tls.PortPolicy;
import dev.fanfare.transport.websocket.SharedFrame;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.concurrent.Executor;

/// The only lane of a node without a network, with all that its sockets share.
public final class EmbeddedLane {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Ledger ledger = Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess());
  private final OfflineNode offline;
  private final LaneContext context;
  private final SocketContext shared;

  /// @param loop runs the lane's tasks, on the caller's thread
  /// @param allocator of the frames that sockets share
  public EmbeddedLane(
      ServerOptions options, Executor loop, ByteBufAllocator allocator, ServerListener listener) {
    this(options, loop, allocator, listener, TestNode.APP);
  }

  /// A lane of a node with another app.
  public EmbeddedLane(
      ServerOptions options,
      Executor loop,
      ByteBufAllocator allocator,
      ServerListener listener,
      App app) {
    Deflation deflation = new Deflation();
    Backlog backlog = new Backlog(ledger.backlog(), new Relief(), loop);
    Lane lane =
        new Lane(
            0,
            loop,
            loop,
            () -> true,
            new SharedFrame.Maker(allocator, deflation::deflate, backlog));
    offline = new OfflineNode(lane, listener, app);
    context =
        LaneContextBuilder.builder()
            .lane(lane)
            .heartbeat(new Heartbeat(offline.clock(), lane.tally(), loop))
            .http(new HttpSockets(options))
            .date(new DateHeader(offline.clock()::instant))
            .deflation(deflation)
            .inflation(new Inflation())
            .requests(new Holdings(ledger.requests(), new Relief(), loop))
            .backlog(backlog)
            .input(new InputBudget(offline.clock(), lane.tally()))
            .random(RANDOM)
            .clock(offline.clock())
            .build();
    shared =
        SocketContextBuilder.builder()
            .options(options)
            .apps(offline.apps())
            .sessions(offline.sessionContext())
            .router(offline.router())
            .sources(new SourceLimits(options, offline.clock()))
            .files(new FileBudget(new OpenFiles.Unlimited(), () -> 0, 0))
            .readiness(new Readiness())
            .build();
  }

  /// The rest of the node.
  public OfflineNode offline() {
    return offline;
  }

  public LaneContext context() {
    return context;
  }

  /// What the sockets of this lane hold.
  public Ledger ledger() {
    return ledger;
  }

  /// Adds the real handlers to sockets.
  Pipeline pipeline(PortPolicy policy) {
    return new Pipeline(shared, _ -> context, policy, new Fallbacks(shared));
  }
}
