package dev.fanfare.channel.lane;

import dev.fanfare.observe.Peer;
import org.jspecify.annotations.Nullable;

/// A connection as seen by the fan-out. All methods but [#socketId], [#address] and [#lane] are
/// called by the owning lane only.
public interface Subscriber extends Peer {

  /// The lane that owns this connection; never changes.
  Lane lane();

  /// Writes the frames without flushing. The caller keeps its reference; an implementation that
  /// needs them after the call retains them. Returns true for the first write since the last
  /// [#onFlush].
  boolean onDeliver(Frames frames);

  /// True if something was written since the last [#onFlush], so that more of it costs no system
  /// call.
  boolean isUnflushed();

  /// True if little of what was written waits for the peer, so that more kept events may be
  /// written. If not, `whenSent` runs once, on the lane, when all of it was passed to the kernel;
  /// it may never run if the connection ends before.
  boolean mayReplay(Runnable whenSent);

  /// Passes everything written to the kernel.
  void onFlush();

  /// Notes what it misses because it reads too slowly; null if its app does not let it miss
  /// anything.
  @Nullable Losses losses();

  /// It reads so slowly that what it should receive is no longer kept: ends it with this reason.
  /// Never throws.
  void onFellBehind(String reason);

  /// A write or flush for this connection failed, so it has missed something: ends it, with a
  /// reason if one can still be sent. Never throws.
  void onDeliveryFailed(Throwable cause);
}
