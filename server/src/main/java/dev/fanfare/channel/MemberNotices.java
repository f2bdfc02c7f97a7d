package dev.fanfare.channel;

import dev.fanfare.presence.Announcements;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.ServerMessage.MemberAdded;
import dev.fanfare.protocol.ServerMessage.MemberRemoved;
import org.jspecify.annotations.Nullable;

/// Sends `member_added` and `member_removed` (section 2.5): at once, unless the user changes more
/// often than [Announcements] allows; then the net result, when that is allowed again. Called only
/// while the channel's entry is held.
///
/// A new subscriber gets the members that the others know, so a delayed notice is as new to it as
/// to them. The user's own connections know themselves from the beginning, so a delayed notice is
/// not for them.
final class MemberNotices {

  private final Lanes lanes;

  MemberNotices(Lanes lanes) {
    this.lanes = lanes;
  }

  /// A user's first connection has joined.
  ///
  /// @param joinedAt the sequence of that join
  void joined(Channel channel, Member member, long joinedAt, long nowNs) {
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    String userId = member.userId();
    if (recent == null || roster == null || !recent.isRecent(userId)) {
      send(channel, null, member, null, joinedAt);
    } else if (recent.mayAnnounce(userId, nowNs)) {
      recent.settle(
          userId, roster, nowNs, (before, now) -> send(channel, before, now, null, joinedAt));
    }
  }

  /// Removes one connection of a user from the roster; true if it was the last, and [#left] must
  /// follow.
  boolean leave(Channel channel, String userId, long nowNs) {
    Roster roster = channel.roster();
    if (roster == null) {
      return false;
    }
    Member member = roster.member(userId);
    // Without subscribers there is nothing to announce.
    if (member != null && roster.isLast(userId) && channel.subscribers() > 0) {
      channel.announcementsOrNew().follow(member, roster.joinedAtNs(userId, nowNs));
    }
    return roster.leave(userId);
  }

  /// A user's last connection has left.
  void left(Channel channel, String userId, long nowNs) {
    Announcements recent = channel.announcements();
    if (recent != null && channel.subscribers() == 0) {
      channel.dropAnnouncements();
    } else if (recent != null && recent.mayAnnounce(userId, nowNs)) {
      announce(channel, userId, nowNs);
    }
  }

  /// Announces a user now, as it is; its own connections know it.
  void announce(Channel channel, String userId, long nowNs) {
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    if (recent != null && roster != null) {
      recent.settle(
          userId,
          roster,
          nowNs,
          (before, now) -> send(channel, before, now, userId, channel.nextSequence()));
    }
  }

  /// Announces those who may be announced again.
  ///
  /// @return when that must be repeated; [Long#MAX_VALUE] for never
  long sweep(Channel channel, long nowNs) {
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    if (recent == null || roster == null) {
      return Long.MAX_VALUE;
    }
    recent.sweep(roster, nowNs).forEach(userId -> announce(channel, userId, nowNs));
    if (recent.isEmpty()) {
      channel.dropAnnouncements();
      return Long.MAX_VALUE;
    }
    return recent.dueNs(roster, nowNs);
  }

  private void send(
      Channel channel,
      @Nullable Member before,
      @Nullable Member now,
      @Nullable String exceptUserId,
      long sequence) {
    String name = channel.name().value();
    if (before != null) {
      MemberRemoved removed = new MemberRemoved(name, before.userId());
      lanes.deliver(Outbound.fact(channel, removed, exceptUserId, sequence));
    }
    if (now != null) {
      MemberAdded added = new MemberAdded(name, now);
      lanes.deliver(Outbound.fact(channel, added, exceptUserId, sequence));
    }
  }
}
