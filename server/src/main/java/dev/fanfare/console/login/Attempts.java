package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts wrong logins: after [#MAX_WRONG] for one account or from one address within a minute,
/// additional ones are refused, right or wrong. Remembers [#MAX] accounts and addresses; of more,
/// the one that was wrong least recently is forgotten. Any thread.
final class Attempts {

  static final int MAX_WRONG = 5;
  static final int MAX = 10_000;

  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_NAME_CHARS = 100;

  /// When the last ones were wrong, as a ring.
  private static final class Wrong {
    private final long[] atNs = new long[MAX_WRONG];
    private long count;

    private void add(long nowNs) {
      atNs[(int) (count++ % MAX_WRONG)] = nowNs;
    }

    private boolean isFull(long nowNs) {
      return count >= MAX_WRONG && nowNs - atNs[(int) (count % MAX_WRONG)] < MINUTE_NS;
    }
  }

  private final NanoClock clock;

  /// Least recently wrong first; guarded by this.
  private final Map<String, Wrong> byName = new LinkedHashMap<>(16, 0.75f, true);

  Attempts(NanoClock clock) {
    this.clock = clock;
  }

  /// True if nothing from this address or for this account may be tried now.
  ///
  /// @param account null for none
  synchronized boolean areTooMany(@Nullable String account, String address) {
    return (account != null && isFull(ofAccount(account))) || isFull(ofAddress(address));
  }

  private boolean isFull(String name) {
    Wrong wrong = byName.get(name);
    return wrong != null && wrong.isFull(clock.nanoTime());
  }

  /// One was wrong. Returns true if that was one too many.
  ///
  /// @param account null for none
  synchronized boolean wrong(@Nullable String account, String address) {
    if (account != null) {
      add(ofAccount(account));
    }
    add(ofAddress(address));
    return areTooMany(account, address);
  }

  private void add(String name) {
    byName.computeIfAbsent(name, _ -> new Wrong()).add(clock.nanoTime());
    if (byName.size() > MAX) {
      byName.remove(byName.keySet().iterator().next());
    }
  }

  /// How many accounts and addresses are remembered.
  synchronized int size() {
    return byName.size();
  }

  private static String ofAccount(String account) {
    return "account "
        + (account.length() > MAX_NAME_CHARS ? account.substring(0, MAX_NAME_CHARS) : account);
  }

  private static String ofAddress(String address) {
    return "address " + address;
  }
}
