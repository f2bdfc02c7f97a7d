package dev.fanfare.budget;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// A part of the process's memory that serves one purpose and has a limit. Code that holds bytes
/// for a peer reserves them before it allocates, and releases them afterwards. Any thread.
public final class Share {

  /// The part of the limit, as a power of two, that is left when holders should be cut.
  private static final int TIGHT_SHIFT = 4;

  private final String name;
  private final String setting;
  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final LongAdder refusals = new LongAdder();

  /// @param name of the purpose, a label in metrics
  /// @param setting that overrides the limit, without its section
  /// @param limit bytes
  public Share(String name, String setting, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("negative limit of " + name + ": " + limit);
    }
    this.name = name;
    this.setting = setting;
    this.limit = limit;
  }

  public String name() {
    return name;
  }

  /// The setting of the limit, as spelled in the configuration.
  public String setting() {
    return setting;
  }

  /// Reserves all of the bytes, or none and counts a refusal.
  ///
  /// @return false if the limit would be exceeded
  public boolean reserve(long bytes) {
    checkBytes(bytes);
    while (true) {
      long now = used.get();
      if (bytes > limit - now) {
        refusals.increment();
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  /// Counts bytes that cannot be refused any more, beyond the limit if need be.
  public void add(long bytes) {
    checkBytes(bytes);
    used.addAndGet(bytes);
  }

  /// Returns bytes that were reserved or added.
  public void release(long bytes) {
    checkBytes(bytes);
    if (used.addAndGet(-bytes) < 0) {
      used.addAndGet(bytes);
      throw new IllegalStateException("more bytes released than reserved: " + name);
    }
  }

  private static void checkBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative bytes: " + bytes);
    }
  }

  /// Bytes that are reserved now.
  public long used() {
    return used.get();
  }

  /// Bytes that may be reserved.
  public long limit() {
    return limit;
  }

  /// How often [#reserve] has refused.
  public long refusals() {
    return refusals.sum();
  }

  /// True if less than a sixteenth is left: time to cut what holds most.
  public boolean isTight() {
    return used.get() > limit - (limit >> TIGHT_SHIFT);
  }

  /// For the text of a refusal: `N of N bytes are in use (SETTING)`.
  public String state() {
    return used.get() + " of " + limit + " bytes are in use (" + setting + ")";
  }
}
