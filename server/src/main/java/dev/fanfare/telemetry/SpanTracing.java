package dev.fanfare.telemetry;

import dev.fanfare.app.App;
import dev.fanfare.channel.Tracing;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.protocol.Publication;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Adds the spans of events to what the console remembers of them. Any thread.
///
/// @param console null without one
record SpanTracing(Spans spans, @Nullable Tracing console) implements Tracing {

  @Override
  public @Nullable DeliveryTrace begin(
      App app, Publication publication, int subscribers, @Nullable Supplier<String> address) {
    DeliveryTrace shown =
        console == null ? null : console.begin(app, publication, subscribers, address);
    Delivery span =
        address instanceof Publish publish
            ? spans.add(publish, publication.channel().value(), subscribers)
            : null;
    return shown == null || span == null ? (shown == null ? span : shown) : new Both(shown, span);
  }

  @Override
  public @Nullable DeliveryTrace arrived(
      App app, Publication publication, long id, long asOfNs, int subscribers) {
    return console == null ? null : console.arrived(app, publication, id, asOfNs, subscribers);
  }

  /// Notifies the console and the span.
  private record Both(DeliveryTrace shown, Delivery span) implements DeliveryTrace {

    @Override
    public long id() {
      return shown.id();
    }

    @Override
    public void onQueued(int lane) {
      shown.onQueued(lane);
      span.onQueued(lane);
    }

    @Override
    public void onWalked(int lane, Walk walk) {
      shown.onWalked(lane, walk);
      span.onWalked(lane, walk);
    }
  }
}
