package dev.fanfare.loadtest.wire;

/// Where things were in the last stamped frame, shared by all scanners of one thread. Frames of one
/// run differ in their digits only, so the next one nearly always has the same header and the
/// marker at the same place, and need not be searched. Confined to the scanning thread.
public final class FrameLayout {

  /// The first four bytes of the frame, little-endian, and which of them are header.
  int head;

  int headMask;

  /// Bytes from the frame's first byte to its marker.
  int markerAt;

  /// Bytes of the whole frame; a length that cannot occur until the first frame was seen.
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
