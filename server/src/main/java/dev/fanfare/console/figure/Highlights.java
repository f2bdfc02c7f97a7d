package dev.fanfare.console.figure;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.SlowReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// What stands out on the node right now. Found out on request, from what is remembered anyway. On
/// the threads of the console only.
public final class Highlights {

  /// How many of each sort are shown.
  static final int MAX = 5;

  /// Over how long the publishes of a channel are counted.
  static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);

  /// Rates of less time than that would be chance.
  private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long MINUTE_MS = TimeUnit.MINUTES.toMillis(1);

  /// The last publishes of each app.
  @FunctionalInterface
  public interface Publishes {
    /// Visits the newest first, until the visitor returns false. Returns true if all that are
    /// remembered were visited and there were older ones.
    boolean visit(String app, Predicate<EventTrace> visitor);
  }

  /// A channel and how often it was published to.
  private record Busy(App app, String channel, double perSecond) {}

  private final Figures figures;
  private final Channels channels;
  private final Sessions sessions;
  private final Publishes publishes;
  private final Retrospect retrospect;
  private final Moments moments;

  public Highlights(
      Figures figures,
      Channels channels,
      Sessions sessions,
      Publishes publishes,
      Retrospect retrospect,
      Moments moments) {
    this.figures = figures;
    this.channels = channels;
    this.sessions = sessions;
    this.publishes = publishes;
    this.retrospect = retrospect;
    this.moments = moments;
  }

  /// Writes them as fields of an object that is open.
  public void write(Json.Writer out, Scope scope) {
    Second last = figures.last(scope);
    out.field("publishes_s", last == null ? 0 : last.publishes());
    if (scope.isWhole()) {
      Second.OfNode node = last == null ? null : last.node();
      out.field("deliveries_s", node == null ? 0 : node.deliveries());
      out.startObject("latency_us");
      if (node != null && node.p50Us() != Percentiles.NONE) {
        out.field("p50", node.p50Us()).field("p99", node.p99Us());
      }
      out.endObject();
    }
    long minuteAgo = moments.wall().millis() - MINUTE_MS;
    List<Second> minute = figures.since(minuteAgo, scope);
    out.field("refusals_min", minute.stream().mapToLong(Second::refusals).sum());
    busiest(out, scope);
    slow(out, scope);
    failures(out, scope);
  }

  private void busiest(Json.Writer out, Scope scope) {
    List<Busy> all = new ArrayList<>();
    scope.apps().forEach(app -> addBusy(all, app));
    out.startArray("busiest");
    all.stream()
        .sorted(Comparator.comparingDouble(Busy::perSecond).reversed().thenComparing(Busy::channel))
        .limit(MAX)
        .forEach(busy -> {
          Channel channel = channels.find(busy.app, busy.channel);
          out.startElement().field("app", busy.app.id()).field("channel", busy.channel);
          out.json("publishes_s", String.valueOf(Math.round(busy.perSecond * 10) / 10.0));
          out.field("subscribers", channel == null ? 0 : channel.subscribers()).endObject();
        });
    out.endArray();
  }

  private void addBusy(List<Busy> all, App app) {
    long nowNs = moments.nowNs();
    Map<String, Integer> counts = new HashMap<>();
    long[] oldestNs = {nowNs};
    boolean areOlder =
        publishes.visit(
            app.id(),
            trace -> {
              boolean isRecent = nowNs - trace.atNs < WINDOW_NS;
              if (isRecent) {
                oldestNs[0] = trace.atNs;
                if (trace.refusal == null) {
                  counts.merge(trace.channel, 1, Integer::sum);
                }
              }
              return isRecent;
            });
    double seconds =
        (areOlder ? Math.max(SHORTEST_NS, nowNs - oldestNs[0]) : WINDOW_NS)
            / (double) TimeUnit.SECONDS.toNanos(1);
    counts.forEach((channel, count) -> all.add(new Busy(app, channel, count / seconds)));
  }

  private void slow(Json.Writer out, Scope scope) {
    List<SlowReader> all = new ArrayList<>();
    scope.apps().forEach(app -> all.addAll(sessions.slowest(app, MAX)));
    out.startArray("slow");
    all.stream()
        .sorted(Comparator.comparingLong(SlowReader::pendingBytes).reversed())
        .limit(MAX)
        .forEach(each -> {
          out.startElement().field("app", each.appId()).field("socket_id", each.socketId());
          out.field("pending_bytes", each.pendingBytes());
          out.field("behind", each.isBehind()).endObject();
        });
    out.endArray();
  }

  private void failures(Json.Writer out, Scope scope) {
    List<Row.Webhook> all = new ArrayList<>();
    for (App app : scope.apps()) {
      for (RowRing.Entry entry : retrospect.failures(app.id())) {
        if (entry.row() instanceof Row.Webhook webhook) {
          all.add(webhook);
        }
      }
    }
    long nowNs = moments.nowNs();
    out.startArray("failed_webhooks");
    all.stream()
        .sorted(Comparator.comparingLong((Row.Webhook each) -> nowNs - each.atNs()))
        .limit(MAX)
        .forEach(each -> {
          out.startElement().field("t", moments.wallMs(each.atNs())).field("app", each.app());
          out.field("endpoint", each.endpoint());
          out.field("text", each.outcome() + ": " + each.reason()).endObject();
        });
    out.endArray();
  }
}
