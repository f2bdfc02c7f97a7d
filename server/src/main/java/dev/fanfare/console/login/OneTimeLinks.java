package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// Codes that log in once, within [#LIFE_NS], as an administrator: while no users are configured,
/// the server prints one in a link. At most [#MAX] at a time; of more, the oldest is void. Any
/// thread.
public final class OneTimeLinks {

  /// Ten minutes.
  static final long LIFE_NS = TimeUnit.MINUTES.toNanos(10);

  static final int MAX = 8;

  private static final int CODE_BITS = 128;

  /// One that has not been used.
  private record Unused(String digest, long createdNs) {}

  private final NanoClock clock;
  private final RandomToken tokens;

  /// Oldest first; guarded by this.
  private final ArrayDeque<Unused> unused = new ArrayDeque<>();

  public OneTimeLinks(NanoClock clock, SecureRandom random) {
    this.clock = clock;
    this.tokens = new RandomToken(random);
  }

  /// A new code.
  public synchronized String create() {
    if (unused.size() == MAX) {
      unused.removeFirst();
    }
    String code = tokens.next(CODE_BITS);
    unused.addLast(new Unused(RandomToken.digest(code), clock.nanoTime()));
    return code;
  }

  /// True if the code is valid. It is void from now on.
  public synchronized boolean use(String code) {
    long nowNs = clock.nanoTime();
    unused.removeIf(each -> nowNs - each.createdNs() >= LIFE_NS);
    String digest = RandomToken.digest(code);
    return unused.removeIf(each -> each.digest().equals(digest));
  }

  /// Makes all void.
  public synchronized void clear() {
    unused.clear();
  }
}
