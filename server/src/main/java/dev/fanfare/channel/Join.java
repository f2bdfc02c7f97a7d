package dev.fanfare.channel;

import dev.fanfare.channel.lane.CatchUp;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.Gap;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.protocol.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of a join.
public sealed interface Join {

  /// The connection has joined.
  ///
  /// @param members all members including the new one, null unless it is a presence channel
  /// @param kept the event that a cache channel keeps, null if there is none or it is replayed
  record Joined(Subscription subscription, @Nullable List<Member> members, @Nullable KeptEvent kept)
      implements Join {

    /// What a subscriber that came back cannot get; null if it gets everything.
    public @Nullable Gap gap() {
      return subscription.gap();
    }

    /// The kept events that the subscription gets first; null if there are none.
    public @Nullable CatchUp replay() {
      return subscription.replay();
    }
  }

  /// The presence channel has reached its member limit.
  record Full(int limit) implements Join {}
}
