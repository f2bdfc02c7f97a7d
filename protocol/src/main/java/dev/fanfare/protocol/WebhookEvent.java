package dev.fanfare.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An event that is sent to an app's servers over HTTP (section 7.1). [WebhookWriter] defines its
/// JSON.
public sealed interface WebhookEvent {

  /// The channel on which it happened.
  String channel();

  /// The kind of the event.
  Type type();

  /// The kinds of events, by which endpoints are filtered.
  enum Type {
    CHANNEL_OCCUPIED,
    CHANNEL_VACATED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
    CLIENT_EVENT,
    CACHE_MISS,
    SUBSCRIPTION_COUNT;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /// The name on the wire and in the configuration, such as `channel_occupied`.
    public String wireName() {
      return wireName;
    }
  }

  /// A channel got its first subscriber.
  record ChannelOccupied(String channel) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CHANNEL_OCCUPIED;
    }
  }

  /// A channel lost its last subscriber.
  record ChannelVacated(String channel) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CHANNEL_VACATED;
    }
  }

  /// A user's first connection joined a presence channel.
  record MemberAdded(String channel, String userId) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.MEMBER_ADDED;
    }
  }

  /// A user's last connection left a presence channel.
  record MemberRemoved(String channel, String userId) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.MEMBER_REMOVED;
    }
  }

  /// A client sent an event. `data` is the string that other clients received; `userId` is set on
  /// presence channels only.
  record ClientEvent(
      String channel, String event, String data, String socketId, @Nullable String userId)
      implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CLIENT_EVENT;
    }
  }

  /// A client subscribed to a cache channel without a cached event.
  record CacheMiss(String channel) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CACHE_MISS;
    }
  }

  /// The number of subscribed connections changed.
  record SubscriptionCount(String channel, int count) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.SUBSCRIPTION_COUNT;
    }
  }
}
