package dev.fanfare.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something that an app's own servers are told over HTTP (section 7.1). [WebhookWriter] decides
/// how each looks in a request's body.
public sealed interface WebhookEvent {

  /// The channel that it happened on.
  String channel();

  /// What kind of event it is.
  Type type();

  /// The kinds of events, by which a receiver chooses what it wants to hear.
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

  /// A client sent an event to others. `data` is the string they received; `userId` is set on
  /// presence channels only.
  record ClientEvent(
      String channel, String event, String data, String socketId, @Nullable String userId)
      implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CLIENT_EVENT;
    }
  }

  /// Somebody subscribed to a cache channel that has nothing to show.
  record CacheMiss(String channel) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.CACHE_MISS;
    }
  }

  /// How many connections are subscribed.
  record SubscriptionCount(String channel, int count) implements WebhookEvent {
    @Override
    public Type type() {
      return Type.SUBSCRIPTION_COUNT;
    }
  }
}
