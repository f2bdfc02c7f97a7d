package dev.fanfare.console;

import dev.fanfare.budget.Share;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.protocol.Publication;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The last publishes of each app. Any thread.
final class Traces {

  /// So many that ids have at most 18 digits.
  private static final int NODE_BITS = 16;

  /// Below the ids that this node gives to events: random, so that those of other nodes differ.
  private final long firstId =
      ThreadLocalRandom.current().nextLong(1L << NODE_BITS) << EventTrace.NUMBER_BITS;

  private final ConcurrentMap<String, AppTraces> byApp = new ConcurrentHashMap<>();
  private final ConsoleOptions options;
  private final Share share;
  private final NanoClock clock;

  /// How many there are; 0 until it is known.
  private volatile int lanes;

  /// @param share of the heap for the data of events
  Traces(ConsoleOptions options, Share share, NanoClock clock) {
    this.options = options;
    this.share = share;
    this.clock = clock;
  }

  void setLanes(int count) {
    lanes = count;
  }

  /// True if the data of events may be shown.
  boolean hasPayloads() {
    return options.payloads();
  }

  /// Remembers an event that was accepted.
  EventTrace accepted(
      String app, Publication event, int subscribers, @Nullable Supplier<String> publisher) {
    AppTraces traces = of(app);
    EventTrace trace =
        new EventTrace(
            firstId + traces.next(),
            clock.nanoTime(),
            app,
            event,
            subscribers,
            lanes,
            clock,
            publisher);
    traces.add(trace, options.payloads() && !trace.isEncrypted);
    return trace;
  }

  /// Remembers an event that another node has accepted.
  ///
  /// @param atNs when, on the clock of traces
  EventTrace arrived(String app, Publication event, long id, long atNs, int subscribers) {
    EventTrace trace = new EventTrace(id, atNs, app, event, subscribers, lanes, clock, null);
    of(app).arrivals().add(trace);
    return trace;
  }

  /// Remembers a request to publish that was refused.
  void refused(String app, RefusedRequest refusal) {
    AppTraces traces = of(app);
    traces.add(new EventTrace(traces.nextRefused(), app, refusal, clock), false);
  }

  AppTraces of(String app) {
    AppTraces known = byApp.get(app);
    return known == null
        ? byApp.computeIfAbsent(app, _ -> new AppTraces(options.traces(), share))
        : known;
  }

  /// Events of an app that were accepted so far.
  long accepted(String app) {
    AppTraces traces = byApp.get(app);
    return traces == null ? 0 : traces.accepted();
  }

  /// Forgets all apps but these.
  void retain(Set<String> apps) {
    byApp
        .entrySet()
        .removeIf(each -> {
          boolean isGone = !apps.contains(each.getKey());
          if (isGone) {
            each.getValue().close();
          }
          return isGone;
        });
  }
}
