package dev.fanfare.observe;

import dev.fanfare.protocol.Parsed;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What an overloaded node refuses. The order is fixed: new connections first, then subscriptions,
/// then publishes. Health checks, metrics, pings, unsubscribes and deliveries of accepted events
/// are never refused. Set by one thread, checked by any; a check costs one volatile read.
public final class Shedding {

  /// Each level refuses what the levels before it refuse, and one more kind of work.
  public enum Level {
    /// Nothing is refused.
    NONE(0),
    /// New connections.
    CONNECTIONS(1),
    /// Subscriptions too.
    SUBSCRIPTIONS(2),
    /// Publishes too: over HTTP and client events.
    PUBLISHES(3);

    private final int number;

    Level(int number) {
      this.number = number;
    }

    /// What metrics show.
    public int number() {
      return number;
    }
  }

  private record State(Level level, Parsed<Parsed.Passed> refusal) {}

  private volatile State state = new State(Level.NONE, Parsed.PASSED);

  /// Refusals so far, by the level that first refuses such work.
  private final Map<Level, LongAdder> refused = new EnumMap<>(Level.class);

  public Shedding() {
    for (Level level : Level.values()) {
      refused.put(level, new LongAdder());
    }
  }

  /// Changes the level.
  ///
  /// @param reason for clients and operators: which resource is short, without a full stop
  public void set(Level level, String reason) {
    state = new State(level, new Parsed.Bad<>(reason));
  }

  public Level level() {
    return state.level();
  }

  /// Fails if work that is refused from `from` on must not be done, and counts the refusal.
  public Parsed<Parsed.Passed> check(Level from) {
    State now = state;
    if (now.level().compareTo(from) < 0) {
      return Parsed.PASSED;
    }
    counter(from).increment();
    return now.refusal();
  }

  /// How much of the work that is refused from `from` on was refused so far.
  public long refused(Level from) {
    return counter(from).sum();
  }

  private LongAdder counter(Level level) {
    return Objects.requireNonNull(refused.get(level));
  }
}
