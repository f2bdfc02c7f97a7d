package dev.fanfare.metrics;

import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Reads the counters and the state of lanes. Any thread.
final class LaneMeters {

  // Shared with AppMeters, which counts the other reason.
  static final String EVENTS_DROPPED = "events.dropped";
  static final String EVENTS_DROPPED_MEANS =
      "Events that clients missed because they read too slowly";
  static final String REASON = "reason";

  private final MeterRegistry registry;
  private final List<Lane> lanes;

  LaneMeters(MeterRegistry registry, Lanes lanes) {
    this.registry = registry;
    this.lanes = lanes.all();
  }

  /// The sum over all lanes for an app.
  long sum(String appId, Count count) {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane.tally().count(appId, count);
    }
    return sum;
  }

  /// Messages that all lanes have received for an app.
  long received(String appId) {
    return Traffic.RECEIVED.stream().mapToLong(count -> sum(appId, count)).sum();
  }

  void registerLanes() {
    for (Lane lane : lanes) {
      Tags tags = Tags.of("lane", String.valueOf(lane.index()));
      LaneTally tally = lane.tally();
      TimeGauge.builder("fanfare.lane.lag", lane, TimeUnit.NANOSECONDS, Lane::lastLagNs)
          .description("Delay of the lane, measured within the last second")
          .tags(tags)
          .register(registry);
      Gauge.builder("fanfare.lane.sockets", tally, LaneTally::sockets)
          .description("Sockets of the lane, WebSockets or not")
          .tags(tags)
          .register(registry);
      Gauge.builder("fanfare.lane.waiting.messages", lane, Lane::waiting)
          .description("Messages waiting to be delivered by the lane")
          .tags(tags)
          .register(registry);
      FunctionCounter.builder("fanfare.lane.input.pauses", tally, LaneTally::inputPauses)
          .description("Pauses in reading from sockets that used more than their share of the lane")
          .tags(tags)
          .register(registry);
    }
  }

  /// @param appId an app, or [LaneTally#NO_APP] for connections that were refused before they had
  ///   one
  void registerApp(String appId) {
    Tags app = Tags.of("app", appId);
    bytes(app, appId, "fanfare.websocket.received", Count.BYTES_RECEIVED);
    bytes(app, appId, "fanfare.websocket.sent", Count.BYTES_SENT);
    counter(app, appId, "fanfare.messages.sent", "Messages sent", Count.MESSAGES_SENT);
    if (appId.equals(LaneTally.NO_APP)) {
      return;
    }
    for (Count kind : Traffic.RECEIVED) {
      Tags tags = app.and(Tag.of("kind", kind.name().toLowerCase(Locale.ROOT)));
      counter(tags, appId, "fanfare.messages.received", "Messages from clients, by kind", kind);
    }
    counter(app, appId, "fanfare.deliveries", "Events written to a socket", Count.DELIVERIES);
    counter(
        app,
        appId,
        "fanfare.slow.readers.disconnected",
        "Connections closed because they read too slowly",
        Count.SLOW_READERS);
    counter(
        app,
        appId,
        "fanfare.slow.readers.replays",
        "Subscriptions that go on from history because their connections read too slowly",
        Count.FELL_BEHIND);
    counter(
        app,
        appId,
        "fanfare.slow.readers.gaps",
        "Gaps of which connections were notified because they read too slowly",
        Count.GAPS);
    counter(
        app.and(Tag.of(REASON, "disconnected")),
        appId,
        "fanfare." + EVENTS_DROPPED,
        EVENTS_DROPPED_MEANS,
        Count.EVENTS_CUT_OFF);
  }

  private void bytes(Tags tags, String appId, String name, Count count) {
    FunctionCounter.builder(name, this, meters -> meters.sum(appId, count))
        .description("Bytes of WebSocket frames, with headers")
        .baseUnit("bytes")
        .tags(tags)
        .register(registry);
  }

  private void counter(Tags tags, String appId, String name, String description, Count count) {
    FunctionCounter.builder(name, this, meters -> meters.sum(appId, count))
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
