package dev.fanfare.channel;

import dev.fanfare.protocol.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of a join.
public sealed interface Join {

  /// The connection has joined.
  ///
  /// @param members all members including the new one, null unless it is a presence channel
  /// @param kept the event that a cache channel keeps, null if none
  record Joined(Subscription subscription, @Nullable List<Member> members, @Nullable KeptEvent kept)
      implements Join {}

  /// The presence channel has reached its member limit.
  record Full(int limit) implements Join {}
}
