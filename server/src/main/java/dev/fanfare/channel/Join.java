package dev.fanfare.channel;

import dev.fanfare.protocol.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of a wish to join.
public sealed interface Join {

  /// The connection is in.
  ///
  /// @param members all members including the joiner, null on channels without members
  /// @param cached the event that a cache channel holds, null if none
  record Joined(
      Subscription subscription, @Nullable List<Member> members, @Nullable CachedEvent cached)
      implements Join {}

  /// A presence channel has its full number of members.
  record Full(int limit) implements Join {}
}
