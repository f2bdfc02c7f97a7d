package dev.fanfare.transport.memory;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What the peers of one lane have not read yet: frames that many of them share, counted once, and
/// what was written for one of them. The slowest reader is cut first when the share is used up.
/// Confined to the lane, except for [#hasRoom], [#largest] and [#shedSoon].
///
/// Nothing is counted per delivery. A shared buffer is counted when it is made; after the flush it
/// is freed, or kept until only this class refers to it. Memory is reserved in grains, so most
/// buffers need no atomic operation. Accepted events are never refused here: they may exceed the
/// share by what the lane's queue may hold.
///
/// A sweep counts again what began to wait since the one before. What still waits then is counted
/// again when the peer has read it, which an empty buffer behind it shows, so sockets that have
/// waited for long cost nothing. Before the slowest reader is cut, its bytes are counted again.
public final class Backlog implements Relief.Holders, AutoCloseable {

  private static final Logger log = Component.CONNECTIONS.logger();

  private static final int MAX_UNREAD_REPLAY = 16 * 1_024;

  private static final int MAX_GRAIN = 64 * 1_024;

  /// Grains per share, so that what lanes reserve ahead is little.
  private static final int GRAINS = 256;

  /// Buffers that are examined again after each flush, and each second.
  private static final int FEW = 8;

  private static final int MANY = 16_384;

  /// What waits to be read by one peer. Confined to the lane.
  public interface Waiting {

    long pendingBytes();

    /// Drops all that waits.
    void closeNow();
  }

  private record SocketQueue(Channel socket) implements Waiting {

    @Override
    public long pendingBytes() {
      return pending(socket);
    }

    @Override
    public void closeNow() {
      var _ = socket.close();
    }
  }

  /// A peer that has something to read.
  public static final class Reader extends Ranking.Member {

    private final Waiting queue;

    /// Null if the peer has no dedicated socket.
    private final @Nullable Channel socket;

    private final Consumer<String> cut;

    /// Bytes that only this socket refers to.
    private long own;

    /// True while its bytes will be counted again: it is in `recent`, or it is marked.
    private boolean isWatched;

    private Reader(Waiting queue, @Nullable Channel socket, Consumer<String> cut) {
      this.queue = queue;
      this.socket = socket;
      this.cut = cut;
    }
  }

  private final Share share;
  private final Relief relief;
  private final Executor lane;
  private final long grain;
  private final Ranking<Reader> readers = new Ranking<>();

  /// Sockets for which something began to wait since the last sweep.
  private final Deque<Reader> recent = new ArrayDeque<>();

  /// Shared buffers that were written in this turn.
  private final List<ByteBuf> written = new ArrayList<>();

  /// Shared buffers that some peer has not read.
  private final Deque<ByteBuf> unread = new ArrayDeque<>();

  private long held;
  private long reserved;
  private final AtomicBoolean isShedding = new AtomicBoolean();

  /// @param lane runs tasks on the owning thread
  public Backlog(Share share, Relief relief, Executor lane) {
    this.share = share;
    this.relief = relief;
    this.lane = lane;
    this.grain = Math.clamp(share.limit() / GRAINS, 1, MAX_GRAIN);
    relief.add(this);
  }

  /// False if no more events should be accepted. Any thread.
  public boolean hasRoom() {
    return share.used() < share.limit();
  }

  /// Why there is no room.
  public String problem() {
    return "clients have not read what was sent: " + share.state();
  }

  @Override
  public long largest() {
    return readers.largest();
  }

  /// Counts a shared buffer, before it is allocated.
  public void hold(long bytes) {
    held += bytes;
    if (held > reserved) {
      reserve(Math.max(grain, held - reserved));
    }
  }

  private void reserve(long bytes) {
    share.add(bytes); // never refused, so nothing may be counted as refused
    reserved += bytes;
    if (share.isTight()) {
      relief.ask();
    }
  }

  /// The creator needs a shared buffer no more, but sockets may still have to send it.
  public void release(ByteBuf shared) {
    written.add(shared);
  }

  /// Everything that was written has been flushed.
  public void onFlushed() {
    for (int i = 0; i < written.size(); i++) {
      ByteBuf buffer = written.get(i);
      if (!free(buffer)) {
        unread.add(buffer);
      }
    }
    written.clear();
    examine(FEW);
  }

  /// Frees the buffer if no socket refers to it.
  private boolean free(ByteBuf buffer) {
    if (buffer.refCnt() > 1) {
      return false;
    }
    held -= buffer.capacity();
    buffer.release();
    return true;
  }

  private void examine(int most) {
    for (int i = Math.min(most, unread.size()); i > 0; i--) {
      ByteBuf buffer = unread.remove();
      if (!free(buffer)) {
        unread.add(buffer);
      }
    }
  }

  /// A socket that may have to wait for its peer.
  ///
  /// @param cut ends it, with the reason that is given
  public Reader reader(Channel socket, Consumer<String> cut) {
    Reader reader = new Reader(new SocketQueue(socket), socket, cut);
    socket.closeFuture().addListener(_ -> rank(reader, 0, 0));
    return reader;
  }

  /// A peer for which a queue waits that its connection owns. The connection calls [#set] whenever
  /// the queue has changed, and with 0 bytes at its end.
  ///
  /// @param cut ends it, with the reason that is given
  public Reader reader(Waiting queue, Consumer<String> cut) {
    return new Reader(queue, null, cut);
  }

  /// Sets what a socket has to read after a flush.
  ///
  /// @param own the part of `pending` that is not shared
  public void set(Reader reader, long pending, long own) {
    rank(reader, pending, own);
    if (pending > 0 && !reader.isWatched) {
      reader.isWatched = true;
      recent.add(reader);
    }
  }

  private void rank(Reader reader, long pending, long own) {
    readers.set(reader, pending);
    long more = own - reader.own;
    reader.own = own;
    if (more > 0) {
      hold(more);
    } else {
      held += more;
    }
  }

  /// Counts what waits now, and watches the reader as long as something does.
  private void recount(Reader reader) {
    reader.isWatched = false;
    long pending = reader.bytes() == 0 ? 0 : reader.queue.pendingBytes();
    rank(reader, pending, Math.min(reader.own, pending));
    Channel socket = reader.socket;
    if (pending > 0 && socket != null) {
      mark(reader, socket);
      reader.isWatched = true;
    }
  }

  /// Has a reader counted again when its peer has read what waits now. The buffer is put into the
  /// socket's queue directly: a handler on the way, like that of TLS, would make something of it.
  /// It needs no flush, because the socket goes on until its queue is empty.
  private void mark(Reader reader, Channel socket) {
    ChannelPromise sent = socket.newPromise();
    sent.addListener(future -> {
      if (future.isSuccess()) {
        lane.execute(() -> recount(reader)); // later: the socket has not counted the buffer out yet
      }
    });
    socket.unsafe().write(Unpooled.EMPTY_BUFFER, sent);
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    if (queue != null) {
      queue.addFlush();
    }
  }

  /// The reason for disconnecting a reader that has too much pending.
  ///
  /// @param pending bytes
  /// @param limit bytes, `max_pending_bytes`
  public static String tooSlow(long pending, long limit) {
    return "Reading too slowly: "
        + pending
        + " bytes are waiting, the limit is "
        + limit
        + " (max_pending_bytes)";
  }

  /// Bytes that a socket has to send.
  public static long pending(Channel socket) {
    ChannelOutboundBuffer buffer = socket.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /// True if so little waits for a socket that a replay may go on: far less than the limit above
  /// which a slow reader is disconnected.
  public static boolean isNearlyRead(Channel socket) {
    return isNearlyRead(pending(socket));
  }

  /// The same of a number of bytes.
  public static boolean isNearlyRead(long pending) {
    return pending <= MAX_UNREAD_REPLAY;
  }

  /// Called about once a second: peers may have read without a flush of ours. Never throws, because
  /// the loop would not call it again.
  public void onSweep() {
    try {
      sweep();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("failed to count what clients have not read, will retry", e);
    }
  }

  private void sweep() {
    for (int left = recent.size(); left > 0; left--) {
      recount(recent.remove());
    }
    examine(MANY);
    giveBack();
  }

  private void giveBack() {
    long spare = reserved - held;
    if (spare > 0) {
      reserved -= spare;
      share.release(spare);
    }
  }

  /// Frees what is left when the lane has ended.
  @Override
  public void close() {
    written.forEach(ByteBuf::release);
    written.clear();
    unread.forEach(ByteBuf::release);
    unread.clear();
    held = 0;
    giveBack();
  }

  @Override
  public void shedSoon(long above) {
    if (isShedding.compareAndSet(false, true)) {
      lane.execute(this::shed);
    }
  }

  /// Cuts the slowest readers until the share is not tight: one, then two, then four, since what
  /// they share is freed only when all of those that share it are gone.
  private void shed() {
    isShedding.set(false);
    onFlushed();
    examine(unread.size());
    giveBack();
    for (int batch = 1; share.isTight(); batch *= 2) {
      for (int i = 0; i < batch; i++) {
        Reader slowest = slowest();
        if (!share.isTight()) {
          return;
        }
        if (slowest == null || slowest.bytes() * 2 < relief.largest()) {
          relief.askOthers(this); // the others have slower ones
          return;
        }
        cut(slowest);
      }
      examine(unread.size());
      giveBack();
    }
  }

  /// The reader with most bytes, as they are now; null if none has any.
  private @Nullable Reader slowest() {
    Reader most = readers.most();
    while (most != null) {
      long pending = most.queue.pendingBytes();
      if (pending >= most.bytes()) {
        return most;
      }
      rank(most, pending, Math.min(most.own, pending));
      giveBack();
      most = readers.most();
    }
    return null;
  }

  private void cut(Reader slowest) {
    slowest.cut.accept(
        "No memory left for what clients have not read: "
            + share.state()
            + "; "
            + slowest.bytes()
            + " bytes are waiting here");
    if (slowest.bytes() > 0) {
      slowest.queue.closeNow(); // only so is the memory freed now
      rank(slowest, 0, 0);
    }
  }
}
