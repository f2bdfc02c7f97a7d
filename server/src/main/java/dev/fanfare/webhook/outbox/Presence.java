package dev.fanfare.webhook.outbox;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import org.jspecify.annotations.Nullable;

/// What webhooks report about a channel or about a user in it.
///
/// @param userId empty for the channel; user IDs never are
/// @param isPresent true if the channel is occupied, or the user is a member
public record Presence(String appId, String channel, String userId, boolean isPresent) {

  // Neither appears in the ID of an app or in the name of a channel. The second one sorts a channel
  // behind its members, since `member_removed` is sent before `channel_vacated`.
  private static final char SEPARATOR = '\0';
  private static final char CHANNEL = '\u0001';

  /// What a fact reports; null if it reports something else.
  public static @Nullable Presence of(Fact fact) {
    String appId = fact.app().id();
    return switch (fact.event()) {
      case ChannelOccupied e -> new Presence(appId, e.channel(), "", true);
      case ChannelVacated e -> new Presence(appId, e.channel(), "", false);
      case MemberAdded e -> new Presence(appId, e.channel(), e.userId(), true);
      case MemberRemoved e -> new Presence(appId, e.channel(), e.userId(), false);
      case ClientEvent _, CacheMiss _, SubscriptionCount _ -> null;
    };
  }

  /// What is reported as present under this key, to be reported as absent.
  public static Presence absent(String key) {
    int app = key.indexOf(SEPARATOR);
    int channel = key.indexOf(SEPARATOR, app + 1);
    return channel < 0
        ? new Presence(key.substring(0, app), key.substring(app + 1, key.length() - 1), "", false)
        : new Presence(
            key.substring(0, app),
            key.substring(app + 1, channel),
            key.substring(channel + 1),
            false);
  }

  /// The ID of the app in a key.
  public static String appId(String key) {
    return key.substring(0, Math.max(0, key.indexOf(SEPARATOR)));
  }

  /// Identifies the channel or the user, whether present or not.
  public String key() {
    return userId.isEmpty()
        ? appId + SEPARATOR + channel + CHANNEL
        : appId + SEPARATOR + channel + SEPARATOR + userId;
  }

  /// The event that reports the arrival.
  public WebhookEvent arrival() {
    return userId.isEmpty() ? new ChannelOccupied(channel) : new MemberAdded(channel, userId);
  }

  /// The event that reports the departure.
  public WebhookEvent departure() {
    return userId.isEmpty() ? new ChannelVacated(channel) : new MemberRemoved(channel, userId);
  }
}
