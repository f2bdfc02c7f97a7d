package dev.fanfare.channel;

import dev.fanfare.observe.Peer;

/// A connection as the fan-out sees it. Everything but [#socketId], [#address] and [#lane] is
/// called by the owning lane only.
public interface Subscriber extends Peer {

  /// The lane that owns this connection; never changes.
  Lane lane();

  /// Writes the frames without flushing. They stay the caller's: whoever needs them beyond the call
  /// retains them. Returns true if this is the first write since the last [#onFlush].
  boolean onDeliver(Frames frames);

  /// Hands everything written to the kernel.
  void onFlush();
}
