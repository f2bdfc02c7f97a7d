package dev.fanfare.bus;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// This node's shares of the rate limits of apps, which all nodes of a cluster have together. Any
/// thread counts what is asked for and reads shares; the thread of the bus divides.
public final class RateShares {

  /// A limit that the nodes share.
  public enum Kind {
    /// `max_http_events_per_second`.
    EVENTS,
    /// `max_http_reads_per_second`.
    READS
  }

  /// A number for each of the limits.
  public record Amounts(double events, double reads) {

    /// The same number for all of them.
    public static Amounts of(double each) {
      return new Amounts(each, each);
    }

    public double of(Kind kind) {
      return switch (kind) {
        case EVENTS -> events;
        case READS -> reads;
      };
    }
  }

  /// Receives what was asked for, app by app.
  @FunctionalInterface
  public interface Demand {

    void onAsked(String appId, Amounts tokens);
  }

  private static final class Asked {
    private final LongAdder events = new LongAdder();
    private final LongAdder reads = new LongAdder();

    private LongAdder of(Kind kind) {
      return switch (kind) {
        case EVENTS -> events;
        case READS -> reads;
      };
    }
  }

  /// @param otherwise for apps that are not in the map
  private record Division(Map<String, Amounts> byApp, Amounts otherwise) {}

  private final ConcurrentMap<String, Asked> asked = new ConcurrentHashMap<>();
  private volatile Division division = new Division(Map.of(), Amounts.of(1));

  /// Counts what a request asks for, whether it gets it or not.
  public void ask(String appId, Kind kind, int tokens) {
    asked.computeIfAbsent(appId, _ -> new Asked()).of(kind).add(tokens);
  }

  /// This node's part of the limit, above 0 and at most 1.
  public double share(String appId, Kind kind) {
    Division current = division;
    return current.byApp.getOrDefault(appId, current.otherwise).of(kind);
  }

  /// Passes on what was asked for since the last call, and forgets apps without requests. A request
  /// at the same moment may not be counted. The thread of the bus.
  public void take(Demand demand) {
    Iterator<Map.Entry<String, Asked>> apps = asked.entrySet().iterator();
    while (apps.hasNext()) {
      Map.Entry<String, Asked> app = apps.next();
      long events = app.getValue().events.sumThenReset();
      long reads = app.getValue().reads.sumThenReset();
      if (events == 0 && reads == 0) {
        apps.remove();
      } else {
        demand.onAsked(app.getKey(), new Amounts(events, reads));
      }
    }
  }

  /// Replaces the shares. The thread of the bus.
  ///
  /// @param byApp ids of apps, and the shares of this node
  /// @param otherwise for all other apps
  public void divide(Map<String, Amounts> byApp, Amounts otherwise) {
    division = new Division(Map.copyOf(byApp), otherwise);
  }
}
