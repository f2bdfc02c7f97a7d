package dev.fanfare.auth;

import dev.fanfare.protocol.Limits;
import java.util.HashSet;
import java.util.Set;

/// The signatures that one app's servers have used, for as long as they could be used again. Safe
/// for use by several threads, which hold its lock for one look at a hash set.
///
/// Two generations by the time that the requests state. A generation is as long as the window in
/// which a time is believed, from its past to its future; so whatever opens a third generation
/// comes when nothing of the first is believed any more. A generation that is full goes early, with
/// the whole one before it.
final class ReplayCache {

  /// Signatures of one generation; two take some 30 MB of memory.
  static final int MAX_SIGNATURES = 250_000;

  private static final long GENERATION_SECONDS = 2L * Limits.REQUEST_WINDOW_SECONDS;
  private static final int HEX = 16;
  private static final int LONG_DIGITS = 16;

  private final int maxSignatures;

  // Guarded by this.
  private Set<Long> young = new HashSet<>();
  private Set<Long> old = new HashSet<>();
  private long youngNumber = Long.MIN_VALUE;
  private long oldNumber = Long.MIN_VALUE;

  ReplayCache(int maxSignatures) {
    this.maxSignatures = maxSignatures;
  }

  /// What became of a signature.
  ///
  /// @param isNew false if it was used before
  /// @param forgotten how many had to make room that could still be used again
  record Outcome(boolean isNew, int forgotten) {}

  /// Remembers a signature that was found good.
  ///
  /// @param timestamp what the request states, in seconds
  /// @param hex the signature; its first 64 bits stand for it, which nobody without the secret can
  ///   choose
  synchronized Outcome use(String hex, long timestamp, long nowSeconds) {
    long signature = Long.parseUnsignedLong(hex.substring(0, LONG_DIGITS), HEX);
    if (young.contains(signature) || old.contains(signature)) {
      return new Outcome(false, 0);
    }
    long number = Math.floorDiv(timestamp, GENERATION_SECONDS);
    int forgotten = 0;
    if (number > youngNumber || young.size() >= maxSignatures) {
      forgotten = isBelieved(oldNumber, nowSeconds) ? old.size() : 0;
      old = young;
      oldNumber = youngNumber;
      young = new HashSet<>();
      youngNumber = Math.max(youngNumber, number);
    }
    young.add(signature);
    return new Outcome(true, forgotten);
  }

  /// True if a request of that generation could still be within the window.
  private static boolean isBelieved(long number, long nowSeconds) {
    long end = number == Long.MIN_VALUE ? Long.MIN_VALUE : (number + 1) * GENERATION_SECONDS - 1;
    return nowSeconds < end + Limits.REQUEST_WINDOW_SECONDS;
  }

  /// Signatures that are remembered.
  synchronized int size() {
    return young.size() + old.size();
  }
}
