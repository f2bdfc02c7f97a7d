package dev.fanfare.cluster;

import dev.fanfare.bus.RateShares;
import dev.fanfare.bus.RateShares.Amounts;
import dev.fanfare.bus.RateShares.Kind;
import dev.fanfare.cluster.datagram.Datagram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Divides the rate limits of apps among the nodes by what each is asked for, which beats carry.
/// Each node computes its own share: its demand in proportion to that of all, and at least a small
/// part, so that a request to an idle node is not refused. Confined to one thread.
///
/// A node uses the smallest of its last three announcements, so the others know at least that much
/// of it: while demand moves from one node to another, the shares together do not exceed the limit
/// by more than those small parts.
final class Shares {

  /// The apps in one beat; if more are busy, they take turns.
  static final int MAX_ANNOUNCED = Datagram.MAX_DEMANDS;

  /// Busy apps of one node that another one remembers.
  static final int MAX_HEARD = 4_096;

  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /// Demand is averaged over about this time.
  private static final double SMOOTHING_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /// All nodes together have at least this part of a limit, divided evenly.
  private static final double LEAST = 0.1;

  /// Demand of another node counts for so long, if it cannot announce all of its apps in one beat.
  private static final long HEARD_NS = TimeUnit.SECONDS.toNanos(5);

  private static final double NOTHING = 0.001;
  private static final Amounts NONE = Amounts.of(0);

  /// Tokens per second: what was measured last, and what was announced before.
  private static final class Own {
    private Amounts now = NONE;
    private Amounts before = NONE;
    private Amounts first = NONE;

    private Amounts certain() {
      return new Amounts(
          Math.min(now.events(), Math.min(before.events(), first.events())),
          Math.min(now.reads(), Math.min(before.reads(), first.reads())));
    }
  }

  /// @param atNs when it was heard, on the clock of [Hearing]
  private record Heard(Amounts demand, long atNs) {}

  private final RateShares port;
  private final Map<String, Own> own = new HashMap<>();
  private final Map<Long, Map<String, Heard>> others = new HashMap<>();
  private long measuredNs;
  private int turn;

  Shares(RateShares port, long nowNs) {
    this.port = port;
    this.measuredNs = nowNs;
  }

  /// Measures the demand on this node, at most once for each beat.
  ///
  /// @return what the beat announces
  List<Datagram.Demand> measure(long nowNs) {
    double elapsedNs = Math.max(1, nowNs - measuredNs);
    measuredNs = nowNs;
    double kept = Math.exp(-elapsedNs / SMOOTHING_NS);
    for (Own app : own.values()) {
      app.first = app.before;
      app.before = app.now;
      app.now = scaled(app.now, kept);
    }
    double added = (1 - kept) * SECOND_NS / elapsedNs;
    port.take((appId, tokens) -> {
      Own app = own.computeIfAbsent(appId, _ -> new Own());
      app.now = sum(app.now, scaled(tokens, added));
    });
    own.values().removeIf(app -> isNothing(app.now) && isNothing(app.before));
    return announced();
  }

  private List<Datagram.Demand> announced() {
    List<Map.Entry<String, Own>> apps = List.copyOf(own.entrySet());
    int count = Math.min(apps.size(), MAX_ANNOUNCED);
    List<Datagram.Demand> demands = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Map.Entry<String, Own> app = apps.get((turn + i) % apps.size());
      Amounts demand = app.getValue().now;
      demands.add(new Datagram.Demand(app.getKey(), demand.events(), demand.reads()));
    }
    turn = apps.isEmpty() ? 0 : (turn + count) % apps.size();
    return demands;
  }

  /// The beat of another node.
  ///
  /// @param hearingNs the clock of [Hearing]
  void heard(long life, List<Datagram.Demand> demands, long hearingNs) {
    if (demands.isEmpty()) {
      others.remove(life);
      return;
    }
    Map<String, Heard> apps = others.computeIfAbsent(life, _ -> new HashMap<>());
    if (demands.size() < MAX_ANNOUNCED) {
      apps.clear();
    } else {
      apps.values().removeIf(heard -> hearingNs - heard.atNs > HEARD_NS);
    }
    for (Datagram.Demand demand : demands) {
      Heard heard = new Heard(new Amounts(demand.events(), demand.reads()), hearingNs);
      if (apps.size() < MAX_HEARD || apps.containsKey(demand.appId())) {
        apps.put(demand.appId(), heard);
      }
    }
  }

  /// A node is not there any more.
  void forget(long life) {
    others.remove(life);
  }

  /// Computes the shares of this node.
  ///
  /// @param nodes that are up, with this one
  void divide(int nodes) {
    Map<String, Amounts> all = new HashMap<>();
    others
        .values()
        .forEach(apps -> apps.forEach((app, heard) -> all.merge(app, heard.demand, Shares::sum)));
    own.forEach((app, demand) -> all.merge(app, demand.certain(), Shares::sum));
    Map<String, Amounts> shares = HashMap.newHashMap(all.size());
    all.forEach((app, demand) -> {
      @Nullable Own mine = own.get(app);
      Amounts certain = mine == null ? NONE : mine.certain();
      shares.put(
          app,
          new Amounts(
              share(certain, demand, Kind.EVENTS, nodes),
              share(certain, demand, Kind.READS, nodes)));
    });
    port.divide(shares, Amounts.of(1.0 / nodes));
  }

  /// Without any demand, all nodes have the same share.
  private static double share(Amounts mine, Amounts all, Kind kind, int nodes) {
    return all.of(kind) < NOTHING
        ? 1.0 / nodes
        : Math.max(mine.of(kind) / all.of(kind), LEAST / nodes);
  }

  private static boolean isNothing(Amounts amounts) {
    return amounts.events() < NOTHING && amounts.reads() < NOTHING;
  }

  private static Amounts sum(Amounts one, Amounts other) {
    return new Amounts(one.events() + other.events(), one.reads() + other.reads());
  }

  private static Amounts scaled(Amounts amounts, double factor) {
    return new Amounts(amounts.events() * factor, amounts.reads() * factor);
  }
}
