package dev.fanfare.channel.lane;

import dev.fanfare.protocol.Parsed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One or more messages as the exact bytes that any number of sockets send, encoded once by the
/// transport. Confined to the lane that created it.
public interface Frames {

  /// Releases the creator's reference; sockets that are still sending hold their own.
  void release();

  /// Releases all that were created.
  static void releaseAll(@Nullable Frames... created) {
    for (Frames frames : created) {
      if (frames != null) {
        frames.release();
      }
    }
  }

  /// Creates frames on one lane.
  @FunctionalInterface
  interface Maker {
    /// The messages' frames, in order, as contiguous bytes.
    Frames coalesce(List<Outbound> messages);

    /// Everything that was written in a turn has been flushed.
    default void onFlushed() {}

    /// Fails if no more events should be accepted, without a full stop. Approximate; any thread.
    default Parsed<Parsed.Passed> checkRoom() {
      return Parsed.PASSED;
    }
  }
}
