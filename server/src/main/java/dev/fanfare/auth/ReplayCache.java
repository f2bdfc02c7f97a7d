package dev.fanfare.auth;

import dev.fanfare.protocol.Limits;
import java.util.HashSet;
import java.util.Set;

/// The signatures that one app's servers have used, kept for as long as they could be replayed.
/// Thread-safe; the lock is held for a hash set lookup.
///
/// Kept in two generations by the timestamps of the requests. A generation is as long as the whole
/// window of valid timestamps, so when a third begins, all timestamps of the first have expired. A
/// full generation ends early, and the one before it is dropped.
final class ReplayCache {

  /// Signatures of one generation; two generations take about 30 MB.
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

  /// The result of recording a signature.
  ///
  /// @param isNew false if it was used before
  /// @param forgotten how many others were dropped although they could still be replayed
  record Outcome(boolean isNew, int forgotten) {}

  /// Records a valid signature.
  ///
  /// @param timestamp of the request, in seconds
  /// @param hex the signature; identified by its first 64 bits, which cannot be chosen without the
  ///   secret
  synchronized Outcome use(String hex, long timestamp, long nowSeconds) {
    long signature = Long.parseUnsignedLong(hex.substring(0, LONG_DIGITS), HEX);
    if (young.contains(signature) || old.contains(signature)) {
      return new Outcome(false, 0);
    }
    long number = Math.floorDiv(timestamp, GENERATION_SECONDS);
    int forgotten = 0;
    if (number > youngNumber || young.size() >= maxSignatures) {
      forgotten = isCurrent(oldNumber, nowSeconds) ? old.size() : 0;
      old = young;
      oldNumber = youngNumber;
      young = new HashSet<>();
      youngNumber = Math.max(youngNumber, number);
    }
    young.add(signature);
    return new Outcome(true, forgotten);
  }

  /// True if a timestamp of that generation could still be within the window.
  private static boolean isCurrent(long number, long nowSeconds) {
    long end = number == Long.MIN_VALUE ? Long.MIN_VALUE : (number + 1) * GENERATION_SECONDS - 1;
    return nowSeconds < end + Limits.REQUEST_WINDOW_SECONDS;
  }

  /// How many signatures are recorded.
  synchronized int size() {
    return young.size() + old.size();
  }
}
