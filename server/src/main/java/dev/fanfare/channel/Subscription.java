package dev.fanfare.channel;

import dev.fanfare.protocol.ChannelName;
import org.jspecify.annotations.Nullable;

/// One connection's subscription to one channel. Owned by the connection's lane; stores its index
/// in the lane's dense array, so that removal takes constant time.
public abstract sealed class Subscription {

  final Subscriber subscriber;
  final Channel channel;

  /// The channel's sequence at the start of this subscription: older facts are not delivered to it.
  final long joinedAt;

  private final @Nullable String userId;

  /// Index in [Audience], which maintains it; -1 while in none.
  int index = -1;

  /// True until it was counted out; guarded by the hold on the channel's entry.
  boolean isCounted = true;

  private Subscription(
      Subscriber subscriber, Channel channel, long joinedAt, @Nullable String userId) {
    this.subscriber = subscriber;
    this.channel = channel;
    this.joinedAt = joinedAt;
    this.userId = userId;
  }

  /// This connection's user in the presence channel, as recorded by the server; null on other
  /// channels.
  public @Nullable String userId() {
    return userId;
  }

  /// Connections subscribed to the channel on this node; any thread.
  public int localSubscribers() {
    return channel.localSubscribers();
  }

  public ChannelName channelName() {
    return channel.name();
  }

  /// On a node without a bus.
  static final class Plain extends Subscription {
    Plain(Subscriber subscriber, Channel channel, long joinedAt, @Nullable String userId) {
      super(subscriber, channel, joinedAt, userId);
    }
  }

  /// On a node with a bus: an event of another node may arrive late, and is only for subscriptions
  /// that are older.
  static final class Timed extends Subscription {

    /// On the clock of the bus.
    final long joinedAtNs;

    Timed(
        Subscriber subscriber,
        Channel channel,
        long joinedAt,
        @Nullable String userId,
        long joinedAtNs) {
      super(subscriber, channel, joinedAt, userId);
      this.joinedAtNs = joinedAtNs;
    }
  }
}
