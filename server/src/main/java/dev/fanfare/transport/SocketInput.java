package dev.fanfare.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.concurrent.TimeUnit;

/// How one socket is read: whether, and how many bytes in one turn of the loop. Confined to its
/// lane.
///
/// A socket that uses more than its share of a busy lane ([InputBudget]) pays with pauses, and its
/// reads become smaller, so that none takes long to handle. It may use the share of [#CREDIT_NS] at
/// once.
public final class SocketInput
    implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {

  /// Why a socket is not read.
  public enum Hold {
    /// Its peer does not read the responses, or one is being computed.
    RESPONSES(1),
    /// It exceeds its rate of messages or of bytes.
    RATE(2),
    /// It has used more than its share of the lane.
    SHARE(4);

    private final int bit;

    Hold(int bit) {
      this.bit = bit;
    }
  }

  /// Bytes per read, and per turn of the loop, so that fast senders delay others little.
  static final int MAX_BYTES = 4_096;

  /// About two short messages.
  static final int MIN_BYTES = 256;

  private static final int FREE_READS = 4;

  /// While the lane is busy: a read that takes longer to handle is followed by a smaller one, one
  /// that takes less than a quarter by a larger one.
  private static final long LONG_READ_NS = TimeUnit.MICROSECONDS.toNanos(200);

  /// The time in which a share can be saved up.
  private static final long CREDIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// The shortest pause, so that a socket that waits costs few wake-ups.
  private static final long MIN_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long MAX_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Channel socket;
  private final InputBudget budget;

  /// The sum of [Hold#bit].
  private int held;

  private boolean isTrusted;

  /// Reads that are neither limited nor counted; none after one that filled its buffer. Most
  /// connections begin with a handshake or a request and a few messages: slowing some of those in a
  /// crowd of newcomers helps none of them.
  private int freeReads = FREE_READS;

  private int bytes = MAX_BYTES;

  /// The size of the current read's buffer.
  private int offered;

  /// The last window in which it was read.
  private int window;

  private int attempted;
  private int last;

  /// When it will have used no more than its share, while that is limited.
  private long paidAtNs;

  private SocketInput(Channel socket, InputBudget budget) {
    this.socket = socket;
    this.budget = budget;
    this.paidAtNs = budget.nowNs();
  }

  /// Determines how `socket` is read from now on.
  public static void install(Channel socket, InputBudget budget) {
    socket.config().setRecvByteBufAllocator(new SocketInput(socket, budget));
  }

  /// That of a socket for which [#install] was called.
  public static SocketInput of(Channel socket) {
    return (SocketInput) socket.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
  }

  /// Stops or resumes reading for one reason; it is read while there is none.
  public void setHeld(Hold reason, boolean isHeld) {
    int now = isHeld ? held | reason.bit : held & ~reason.bit;
    if (now != held) {
      held = now;
      socket.config().setAutoRead(now == 0);
      if (now == 0) {
        socket.flush(); // requests that waited within the pipeline have been answered now
      }
    }
  }

  public boolean isHeld(Hold reason) {
    return (held & reason.bit) != 0;
  }

  /// The peer has the secret of an app: what it uses is neither limited nor counted from now on.
  public void trust() {
    isTrusted = true;
  }

  public boolean isTrusted() {
    return isTrusted;
  }

  private boolean isFree() {
    return isTrusted || freeReads > 0;
  }

  /// Netty's name: there is one for each socket already.
  @Override
  public SocketInput newHandle() {
    return this;
  }

  @Override
  public void reset(ChannelConfig config) {
    last = 0;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    offered = guess();
    return allocator.ioBuffer(offered);
  }

  /// The size of the next read.
  @Override
  public int guess() {
    return isFree() ? MAX_BYTES : Math.min(bytes, budget.readBytes());
  }

  @Override
  public void attemptedBytesRead(int count) {
    attempted = count;
  }

  @Override
  public int attemptedBytesRead() {
    return attempted;
  }

  @Override
  public void lastBytesRead(int count) {
    last = count;
    if (count == offered) {
      freeReads = 0;
    }
    if (!isFree()) {
      budget.begin();
    }
  }

  @Override
  public int lastBytesRead() {
    return last;
  }

  @Override
  public void incMessagesRead(int count) {
    // One per turn.
  }

  @Override
  public boolean continueReading() {
    return false;
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
    return false;
  }

  @Override
  public void readComplete() {
    if (isFree()) {
      freeReads = Math.max(0, freeReads - 1);
      return;
    }
    int before = window;
    window = budget.window();
    long tookNs = budget.end(window != before, last == offered ? MAX_BYTES / offered : 1);
    if (budget.isLimited()) {
      charge(tookNs);
    } else if (bytes < MAX_BYTES) {
      bytes *= 2;
    }
  }

  private void charge(long tookNs) {
    if (tookNs > LONG_READ_NS) {
      bytes = Math.max(MIN_BYTES, bytes / 2);
    } else if (tookNs < LONG_READ_NS / 4) {
      bytes = Math.min(MAX_BYTES, bytes * 2);
    }
    long nowNs = budget.nowNs();
    long debtNs = Math.max(0, paidAtNs - nowNs) + budget.costNs(tookNs);
    long pauseNs = Math.min(debtNs - CREDIT_NS, MAX_PAUSE_NS);
    paidAtNs = nowNs + Math.min(debtNs, CREDIT_NS + MAX_PAUSE_NS);
    if (pauseNs >= MIN_PAUSE_NS && !isHeld(Hold.SHARE)) {
      pause(pauseNs);
    }
  }

  /// Pauses when the handlers have seen the end of this read: while reading is off they do not pass
  /// that on, and responses would not be flushed.
  private void pause(long pauseNs) {
    budget.onPause();
    EventLoop loop = socket.eventLoop();
    loop.execute(() -> setHeld(Hold.SHARE, true));
    var _ = loop.schedule(this::resume, pauseNs, TimeUnit.NANOSECONDS);
  }

  private void resume() {
    budget.onResume();
    setHeld(Hold.SHARE, false);
  }
}
