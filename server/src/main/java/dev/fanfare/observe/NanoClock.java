package dev.fanfare.observe;

/// A monotonic clock, so that tests can hold the time in their hands.
@FunctionalInterface
public interface NanoClock {

  /// The machine's own.
  NanoClock SYSTEM = System::nanoTime;

  /// Nanoseconds since some fixed moment; compare by subtraction.
  long nanoTime();
}
