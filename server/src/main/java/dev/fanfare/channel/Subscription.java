package dev.fanfare.channel;

import dev.fanfare.protocol.ChannelName;
import org.jspecify.annotations.Nullable;

/// One connection's subscription to one channel. Owned by the connection's lane; stores its index
/// in the lane's dense array, so that removal takes constant time.
public abstract sealed class Subscription {

  final Subscriber subscriber;
  final Channel channel;

  /// The channel's sequence at the start of this subscription: older facts are not delivered to it.
  /// While kept events are replayed to it, it is moved forward by the lane that owns it.
  long joinedAt;

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

  /// The kept events that it gets before it enters its lane's audience; null if there are none, or
  /// no more.
  @Nullable CatchUp replay() {
    return null;
  }

  /// A subscription that gets kept events first, on a node without a bus.
  static Subscription replayed(
      Subscriber subscriber,
      Channel channel,
      long joinedAt,
      @Nullable String userId,
      CatchUp replay) {
    Replayed subscription = new Replayed(subscriber, channel, joinedAt, userId);
    subscription.replay = replay;
    replay.begin(subscription);
    return subscription;
  }

  /// Everything up to that sequence was replayed. Called by the lane that owns it.
  void caughtUp(long sequence) {
    joinedAt = sequence;
  }

  private static final class Replayed extends Subscription {

    private @Nullable CatchUp replay;

    private Replayed(
        Subscriber subscriber, Channel channel, long joinedAt, @Nullable String userId) {
      super(subscriber, channel, joinedAt, userId);
    }

    @Override
    @Nullable CatchUp replay() {
      return replay;
    }

    @Override
    void caughtUp(long sequence) {
      super.caughtUp(sequence);
      replay = null;
    }
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
