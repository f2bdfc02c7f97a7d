package dev.fanfare.transport.websocket;

import dev.fanfare.observe.Rate;
import java.util.concurrent.TimeUnit;

/// How many bytes of messages one connection may have processed per second, after inflation. Beyond
/// that, reading pauses, so that only the sender waits. A burst of one second's worth passes at
/// once. Confined to the connection's lane.
public final class ReadRate {

  /// Counted for each message besides its bytes: what even the shortest costs.
  private static final int MESSAGE_BYTES = 128;

  /// The shortest pause: a connection that waits costs at most twenty wake-ups a second.
  private static final long MIN_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /// The longest pause, however large a message was: pongs must be seen in time.
  private static final long MAX_PAUSE_NS = TimeUnit.SECONDS.toNanos(5);

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final int bytesPerSecond;
  private long fullAtNs;
  private boolean hasPaused;

  /// @param bytesPerSecond 0 for no limit
  public ReadRate(int bytesPerSecond, long nowNs) {
    this.bytesPerSecond = bytesPerSecond;
    this.fullAtNs = nowNs;
  }

  /// Counts a message that was read.
  ///
  /// @param bytes after inflation
  public void take(int bytes, long nowNs) {
    if (bytesPerSecond > 0) {
      long full =
          Rate.perSecond(bytesPerSecond).take(fullAtNs, (long) bytes + MESSAGE_BYTES, nowNs);
      fullAtNs = nowNs + Math.min(full - nowNs, SECOND_NS + MAX_PAUSE_NS);
    }
  }

  /// How long to pause before the next message is read, nanoseconds; 0 to go on.
  public long pauseNs(long nowNs) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    long pauseNs = Rate.perSecond(bytesPerSecond).waitNs(fullAtNs, 0, nowNs);
    return pauseNs < MIN_PAUSE_NS ? 0 : pauseNs;
  }

  /// True for the first pause that this limit causes.
  public boolean isFirstPause(long nowNs) {
    boolean isFirst = !hasPaused && pauseNs(nowNs) > 0;
    hasPaused |= isFirst;
    return isFirst;
  }

  /// Why reading pauses, for the log.
  public String reason() {
    return "it sends messages of more than "
        + bytesPerSecond
        + " bytes per second, inflated (read_bytes_per_second)";
  }
}
