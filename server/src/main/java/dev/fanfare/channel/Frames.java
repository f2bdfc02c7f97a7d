package dev.fanfare.channel;

import java.util.List;

/// One or more messages as the exact bytes that any number of sockets send, encoded once by the
/// transport. Confined to the lane that created it.
public interface Frames {

  /// Releases the creator's reference; sockets that are still sending hold their own.
  void release();

  /// Creates frames on one lane.
  @FunctionalInterface
  interface Maker {
    /// The messages' frames, in order, as contiguous bytes.
    Frames coalesce(List<Outbound> messages);

    /// Everything that was written in a turn has been flushed.
    default void onFlushed() {}

    /// False if no more events should be accepted. Approximate; any thread.
    default boolean hasRoom() {
      return true;
    }

    /// Why there is no room, without a full stop.
    default String problem() {
      return "";
    }
  }
}
