package dev.fanfare.observe;

/// A monotonic clock; an interface so that tests can control the time.
@FunctionalInterface
public interface NanoClock {

  /// The clock of the machine.
  NanoClock SYSTEM = System::nanoTime;

  /// Nanoseconds since an arbitrary fixed moment; compare by subtraction.
  long nanoTime();

  /// How long this clock has stood still while the machine's went on, nanoseconds.
  default long stalledNs() {
    return 0;
  }

  /// The process is running; called about once a second.
  default void tick() {}
}
