package dev.fanfare.webhook.courier;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.webhook.outbox.Outbox;

/// What one courier serves: an endpoint's events of encrypted channels, or those of all others.
/// Some SDKs refuse a whole request for one event of an encrypted channel, so they never share one,
/// nor a queue.
record CourierAddress(String appId, String endpoint, boolean isEncrypted) {

  static CourierAddress of(Outbox.Draft draft) {
    return new CourierAddress(draft.appId(), draft.endpoint(), isEncrypted(draft.channel()));
  }

  static boolean isEncrypted(String channel) {
    return channel.startsWith(ChannelName.ENCRYPTED_PREFIX);
  }
}
