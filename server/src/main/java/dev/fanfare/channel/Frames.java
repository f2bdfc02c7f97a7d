package dev.fanfare.channel;

import java.util.List;

/// One or more messages as the exact bytes that any number of sockets will send, made once by the
/// transport. Confined to the lane that made it.
public interface Frames {

  /// Gives up the maker's hold; sockets that still send keep their own.
  void release();

  /// Makes frames on one lane.
  @FunctionalInterface
  interface Maker {
    /// The messages' frames, in order, as one run of bytes.
    Frames join(List<Outbound> messages);
  }
}
