package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Datagram;
import java.util.concurrent.TimeUnit;

/// Whether this node hears itself through the engine, and a clock that advances only while it does.
/// The silence of others is measured by that clock, so neither an outage of the engine nor a cut of
/// this node's connection nor a pause of this process looks like the death of another node.
/// Confined to one thread.
final class Hearing {

  /// This node is deaf after so long without an echo, or after two beats if those are longer.
  private static final long DEAF_NS = TimeUnit.MILLISECONDS.toNanos(2_500);

  /// A tick that comes later was not a time of hearing.
  private static final long MAX_TICK_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /// The beats whose time of sending is known: more than are under way.
  private static final int BEATS = 64;

  /// Two clocks drift apart by less than this part of a duration, as a divisor.
  private static final int DRIFT_PART = 1_000;

  private final long[] sentNs = new long[BEATS];
  private long beats;
  private long lastEchoNs;
  private long lastEcho;
  private long lastTickNs;
  private long hearingNs;
  private long roundTripNs;
  private boolean isDeaf;

  Hearing(long nowNs) {
    this.lastEchoNs = nowNs;
    this.lastTickNs = nowNs;
  }

  /// The time for which this node has heard itself.
  long nanos() {
    return hearingNs;
  }

  void tick(long nowNs, long beatNs) {
    isDeaf = nowNs - lastEchoNs > Math.max(DEAF_NS, 2 * beatNs);
    if (!isDeaf) {
      hearingNs += Math.min(nowNs - lastTickNs, MAX_TICK_NS);
    }
    lastTickNs = nowNs;
  }

  /// The number of the beat that is sent now.
  long beat(long nowNs) {
    beats++;
    sentNs[(int) (beats % BEATS)] = nowNs;
    return beats;
  }

  /// An own beat has come back.
  void echo(long number, long nowNs) {
    if (number > lastEcho && number <= beats) {
      lastEcho = number;
      lastEchoNs = nowNs;
      if (isKnown(number)) {
        roundTripNs = nowNs - sentNs[(int) (number % BEATS)];
      }
      isDeaf = false;
    }
  }

  /// When a beat was sent is still known.
  private boolean isKnown(long number) {
    return number > 0 && number <= beats && number > beats - BEATS;
  }

  /// When another node sent a datagram, at the earliest: it had heard this beat by then. Off by the
  /// time for which the beat was under way, and never by that of the datagram.
  ///
  /// @return [Long#MIN_VALUE] if it is not known when the beat was sent
  long sentAfterNs(Datagram.HeardBeat beat) {
    return isKnown(beat.number())
        ? sentNs[(int) (beat.number() % BEATS)] + beat.agoNs() - beat.agoNs() / DRIFT_PART
        : Long.MIN_VALUE;
  }

  boolean hasHeard() {
    return lastEcho > 0;
  }

  /// As of the last tick or echo.
  boolean isDeaf() {
    return isDeaf;
  }

  /// Since the last echo.
  long silenceNs(long nowNs) {
    return nowNs - lastEchoNs;
  }

  long roundTripNs() {
    return roundTripNs;
  }
}
