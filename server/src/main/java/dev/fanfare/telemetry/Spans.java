package dev.fanfare.telemetry;

import dev.fanfare.app.App;
import dev.fanfare.channel.PublishSpans;
import dev.fanfare.channel.Tracing;
import dev.fanfare.observe.NanoClock;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The spans of publishes that are under way or wait to be sent: at most [#MAX], additional ones
/// are counted as lost. Any thread.
public final class Spans implements PublishSpans, AutoCloseable {

  /// Each takes about half a kilobyte of the heap.
  static final int MAX = 16_384;

  private final int max;
  private final Clock clock;
  private final AtomicInteger held = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Queue<Publish> ended = new ConcurrentLinkedQueue<>();
  private final Exporter exporter;

  /// Starts the thread that sends them.
  ///
  /// @param version of this build
  public static Spans start(
      TelemetryOptions options, String version, InstantSource wall, NanoClock clock) {
    Spans spans = new Spans(MAX, options, version, new Clock(wall, clock));
    spans.exporter.start();
    return spans;
  }

  Spans(int max, TelemetryOptions options, String version, Clock clock) {
    this.max = max;
    this.clock = clock;
    this.exporter = new Exporter(this, options.tracesUrl(), version, clock);
  }

  Exporter exporter() {
    return exporter;
  }

  /// Also notifies what the console remembers of events.
  ///
  /// @param console null without one
  public Tracing tracing(@Nullable Tracing console) {
    return new SpanTracing(this, console);
  }

  @Override
  public PublishSpans.@Nullable Span begin(String header, App app, Supplier<String> address) {
    TraceParent parent = TraceParent.parse(header);
    return parent == null || !parent.isSampled() || !take()
        ? null
        : new Publish(parent, newId(), app.id(), clock, address, ended::add);
  }

  /// An event of the request is about to be delivered; null if there are too many spans.
  @Nullable Delivery add(Publish publish, String channel, int subscribers) {
    if (!take()) {
      return null;
    }
    Delivery delivery = new Delivery(newId(), channel, subscribers, clock);
    publish.deliveries.add(delivery);
    return delivery;
  }

  private static long newId() {
    long id;
    do {
      id = ThreadLocalRandom.current().nextLong();
    } while (id == 0); // not valid
    return id;
  }

  private boolean take() {
    if (held.incrementAndGet() <= max) {
      return true;
    }
    held.decrementAndGet();
    lost.increment();
    return false;
  }

  /// The next publish that has ended; null if none waits.
  @Nullable Publish poll() {
    return ended.poll();
  }

  /// So many spans were sent, or were given up.
  void release(int spans, boolean isSent) {
    held.addAndGet(-spans);
    (isSent ? sent : lost).add(spans);
  }

  /// Spans that a receiver has accepted.
  public long sent() {
    return sent.sum();
  }

  /// Spans that no receiver has accepted: there were too many, or it refused them.
  public long lost() {
    return lost.sum();
  }

  /// Sends what waits, for a few seconds at most.
  @Override
  public void close() {
    exporter.close();
  }
}
