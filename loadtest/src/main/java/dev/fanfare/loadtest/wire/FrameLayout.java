package dev.fanfare.loadtest.wire;

/// Positions in the last stamped frame, shared by all scanners of one thread. The frames of a run
/// differ only in their digits, so the next one nearly always has the same header and the marker at
/// the same position, and needs no search. Confined to the scanning thread.
public final class FrameLayout {

  /// The first four bytes of the frame, little-endian, and which of them are header.
  int head;

  int headMask;

  /// Bytes from the frame's first byte to its marker.
  int markerAt;

  /// Bytes of the whole frame; an impossible length before the first frame.
  int length = Integer.MAX_VALUE;

  void remember(int firstFourBytes, int headerLength, int markerAt, int length) {
    if (headerLength > 4) {
      return;
    }
    headMask = headerLength == 4 ? -1 : 0xFFFF;
    head = firstFourBytes & headMask;
    this.markerAt = markerAt;
    this.length = length;
  }
}
