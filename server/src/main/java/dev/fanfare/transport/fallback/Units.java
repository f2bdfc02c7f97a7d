package dev.fanfare.transport.fallback;

/// How long a response is, as browsers measure it. Pusher-js ends one of more than 256 Ki code
/// units at the end of a line, and asks for another one: lines behind it would be lost.
final class Units {

  /// UTF-16 code units after which nothing more is written.
  static final int MAX = 256 * 1_024;

  private long units;

  void add(int more) {
    units += more;
  }

  boolean isFull() {
    return units > MAX;
  }
}
