package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Publication;
import org.jspecify.annotations.Nullable;

/// One decision about a channel, immutable. All but [ClientEvent] are reported while the channel's
/// entry is held, so those of one channel are reported in the order in which they were decided.
///
/// What concerns a channel or a user as a whole ([Occupied], [Vacated], [MemberAdded],
/// [MemberRemoved], [Counted]) is about all nodes, each of which reports it; the others are about
/// this node.
public sealed interface Change {

  /// The app as it is configured at that moment.
  App app();

  Channel channel();

  /// The name of the channel.
  default String name() {
    return channel().name().value();
  }

  /// A channel has its first subscriber.
  record Occupied(App app, Channel channel) implements Change {}

  /// A channel has lost its last subscriber.
  record Vacated(App app, Channel channel) implements Change {}

  /// A connection has subscribed.
  ///
  /// @param member the user whose first connection on this node it is; null if it is of none
  record Joined(App app, Subscription subscription, @Nullable Member member) implements Change {
    @Override
    public Channel channel() {
      return Channel.of(subscription);
    }
  }

  /// A connection's subscription has ended.
  ///
  /// @param isLastOfUser it was the user's last connection on this node
  /// @param isHandedOver the user is expected at another node
  record Left(App app, Subscription subscription, boolean isLastOfUser, boolean isHandedOver)
      implements Change {
    @Override
    public Channel channel() {
      return Channel.of(subscription);
    }
  }

  /// A user's first connection has joined a presence channel.
  ///
  /// @param sequence of the channel; subscribers that joined at or after it know the member
  /// @param atNs now, on the server's monotonic clock
  record MemberAdded(App app, Channel channel, Member member, long sequence, long atNs)
      implements Change {}

  /// A user's last connection has left a presence channel.
  ///
  /// @param joinedAtNs when the user was added, or any time more than a second ago
  /// @param atNs now, on the server's monotonic clock
  record MemberRemoved(App app, Channel channel, Member member, long joinedAtNs, long atNs)
      implements Change {}

  /// The number of subscribers is due to be sent (section 2.9).
  record Counted(App app, Channel channel, int count) implements Change {}

  /// A channel keeps an event for later subscribers.
  ///
  /// @param isRemote another node has published it
  record Kept(App app, Channel channel, KeptEvent event, boolean isRemote, long trace)
      implements Change {}

  /// A client has subscribed to a cache channel that keeps no event; reported once until the next
  /// one.
  record CacheMissed(App app, Channel channel) implements Change {}

  /// A kept event was forgotten before its time, because others needed the memory.
  record CacheForgotten(App app, Channel channel) implements Change {}

  /// A client event of this node was accepted.
  record ClientEvent(App app, Channel channel, Publication publication) implements Change {}
}
