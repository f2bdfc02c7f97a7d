package dev.fanfare.protocol;

import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import java.util.List;

/// Writes events as JSON, and the body of a request (section 7.1). Fields without a value are left
/// out, because the SDK for Go rejects null where it expects a string.
public final class WebhookWriter {

  private WebhookWriter() {}

  /// One element of `events`.
  public static String event(WebhookEvent event) {
    Json.Writer json =
        Json.object().field("name", event.type().wireName()).field("channel", event.channel());
    return switch (event) {
      case ChannelOccupied _, ChannelVacated _, CacheMiss _ -> json.text();
      case MemberAdded e -> json.field("user_id", e.userId()).text();
      case MemberRemoved e -> json.field("user_id", e.userId()).text();
      case ClientEvent e -> clientEvent(json, e);
      case SubscriptionCount e -> json.field("subscription_count", e.count()).text();
    };
  }

  /// The body of a request; these bytes are signed.
  ///
  /// @param timeMs when the first of the events happened, milliseconds since the epoch
  /// @param events what [#event] returned
  public static byte[] body(long timeMs, List<String> events) {
    return Json.object()
        .field("time_ms", timeMs)
        .json("events", "[" + String.join(",", events) + "]")
        .utf8();
  }

  private static String clientEvent(Json.Writer json, ClientEvent event) {
    json.field("event", event.event())
        .field("data", event.data())
        .field("socket_id", event.socketId());
    String userId = event.userId();
    return userId == null ? json.text() : json.field("user_id", userId).text();
  }
}
