package dev.fanfare.channel;

import dev.fanfare.protocol.ChannelName;
import org.jspecify.annotations.Nullable;

/// One connection's place in one channel. Owned by the connection's lane; knows its index in the
/// lane's dense array, so that leaving costs the same however many subscribers there are.
public final class Subscription {

  final Subscriber subscriber;
  final Channel channel;

  /// The channel's sequence when this subscription began: older facts are not delivered to it.
  final long joinedAt;

  private final @Nullable String userId;

  /// Position in [Audience], maintained by it; -1 while not in one.
  int index = -1;

  Subscription(Subscriber subscriber, Channel channel, long joinedAt, @Nullable String userId) {
    this.subscriber = subscriber;
    this.channel = channel;
    this.joinedAt = joinedAt;
    this.userId = userId;
  }

  /// The user this connection is in the presence channel, from the server's own record; null on
  /// channels without members.
  public @Nullable String userId() {
    return userId;
  }

  /// Connections subscribed to the channel on this node; any thread.
  public int subscribers() {
    return channel.subscribers();
  }

  public ChannelName channelName() {
    return channel.name();
  }
}
