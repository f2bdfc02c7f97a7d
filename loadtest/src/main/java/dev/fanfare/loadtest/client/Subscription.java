package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Signature;
import org.jspecify.annotations.Nullable;

/// A channel to subscribe to.
///
/// @param channelData the member of a presence channel, as JSON
public record Subscription(String channel, @Nullable String channelData) {

  public static Subscription to(String channel) {
    return new Subscription(channel, null);
  }

  /// A presence channel with this user.
  public static Subscription as(String channel, String userId) {
    return new Subscription(channel, Json.object().field("user_id", userId).text());
  }

  /// The subscribe message, signed if the channel requires that.
  public String subscribeMessage(String socketId, SignedRequests signer) {
    Json.Writer message = Json.object().field("event", "pusher:subscribe").startObject("data");
    if (channel.startsWith("private-") || channel.startsWith("presence-")) {
      String data = channelData;
      message.field("auth", signer.auth(Signature.subscription(socketId, channel, data)));
      if (data != null) {
        message.field("channel_data", data);
      }
    }
    return message.field("channel", channel).endObject().text();
  }

  /// The unsubscribe message.
  public static String unsubscribeMessage(String channel) {
    return Json.object()
        .field("event", "pusher:unsubscribe")
        .startObject("data")
        .field("channel", channel)
        .endObject()
        .text();
  }
}
