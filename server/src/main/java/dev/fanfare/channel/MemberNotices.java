package dev.fanfare.channel;

import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Outbound;
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
final class MemberNotices implements ChangeListener {

  private final Lanes lanes;

  MemberNotices(Lanes lanes) {
    this.lanes = lanes;
  }

  @Override
  public void onChange(Change change) {
    switch (change) {
      case Change.MemberAdded added -> onAdded(added);
      case Change.MemberRemoved removed -> onRemoved(removed);
      default -> {}
    }
  }

  private void onAdded(Change.MemberAdded added) {
    Channel channel = added.channel();
    if (channel.localSubscribers() == 0) {
      return; // another node's member, and there is no one to announce it to
    }
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    String userId = added.member().userId();
    long sequence = added.sequence();
    if (recent == null || roster == null || !recent.isRecent(userId)) {
      send(channel, null, added.member(), null, sequence);
    } else {
      recent.joined(
          userId,
          roster,
          added.atNs(),
          (_, before, now) -> send(channel, before, now, null, sequence));
    }
  }

  private void onRemoved(Change.MemberRemoved removed) {
    Channel channel = removed.channel();
    Roster roster = channel.roster();
    if (roster == null || channel.localSubscribers() == 0) {
      channel.dropAnnouncements(); // there is no one to announce it to
      return;
    }
    channel
        .announcementsOrNew()
        .left(removed.member(), removed.joinedAtNs(), roster, removed.atNs(), delayed(channel));
  }

  /// Announces a user now, as it is; its own connections know it.
  void announce(Channel channel, String userId, long nowNs) {
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    if (recent != null && roster != null) {
      recent.settle(userId, roster, nowNs, delayed(channel));
    }
  }

  /// Sends a notice that was delayed, which is not for the user's own connections.
  private Announcements.Notice delayed(Channel channel) {
    return (userId, before, now) -> send(channel, before, now, userId, channel.nextSequence());
  }

  /// Announces those who may be announced again.
  void sweep(Channel channel, long nowNs) {
    Announcements recent = channel.announcements();
    Roster roster = channel.roster();
    if (recent != null && roster != null) {
      int _ = recent.sweep(roster, nowNs, delayed(channel));
      if (recent.isEmpty()) {
        channel.dropAnnouncements();
      }
    }
  }

  /// When [#sweep] has something to do; [Long#MAX_VALUE] for never.
  static long dueNs(Channel channel) {
    Announcements recent = channel.announcements();
    return recent == null ? Long.MAX_VALUE : recent.dueNs();
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
