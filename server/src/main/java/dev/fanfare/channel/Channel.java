package dev.fanfare.channel;

import dev.fanfare.app.LiveApp;
import dev.fanfare.presence.Announcements;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// One Pusher channel of one app on this node.
///
/// Mutable state is changed only while [Channels] holds this channel's entry. The counts are
/// volatile, so that any thread may read them; each lane's [Audience] belongs to that lane.
public final class Channel {

  private final LiveApp app;
  private final ChannelName name;
  private final @Nullable Audience[] audiences;
  private final @Nullable Roster roster;

  /// Connections per lane; written while the entry is held, read by publishers.
  private final AtomicIntegerArray perLane;

  private volatile int localSubscribers;
  private volatile @Nullable KeptEvent kept;

  /// Counts joins, leaves and kept events; guarded by the entry.
  private long sequence;

  /// When the subscription count was last sent, 0 if it was not sent yet; guarded by the entry.
  private long countSentNs;

  /// True if a count must be sent; guarded by the entry.
  private boolean isCountPending;

  /// What subscribers know about users that changed recently; null if none did. Written while the
  /// entry is held, its content guarded by it.
  private volatile @Nullable Announcements announcements;

  /// True once a miss of the current empty period was reported; guarded by the entry.
  boolean missReported;

  /// Belongs to [Agenda]; null while nothing is due later.
  Agenda.@Nullable Entry agendaEntry;

  Channel(LiveApp app, ChannelName name, int lanes) {
    this.app = app;
    this.name = name;
    this.audiences = new Audience[lanes];
    this.perLane = new AtomicIntegerArray(lanes);
    this.roster = name.hasMembers() ? new Roster() : null;
  }

  LiveApp app() {
    return app;
  }

  public ChannelName name() {
    return name;
  }

  /// Connections subscribed on this node; any thread.
  public int localSubscribers() {
    return localSubscribers;
  }

  /// Distinct users of a presence channel on this node, 0 for other channels; any thread.
  public int localUsers() {
    return roster == null ? 0 : roster.size();
  }

  /// True if `lane` has subscribers of this channel; any thread.
  boolean hasSubscribersOn(int lane) {
    return perLane.get(lane) > 0;
  }

  /// The subscribers on one lane; that lane only.
  Audience audience(int lane) {
    Audience audience = audiences[lane];
    if (audience == null) {
      audience = new Audience();
      audiences[lane] = audience;
    }
    return audience;
  }

  @Nullable Audience audienceOrNull(int lane) {
    return audiences[lane];
  }

  long nextSequence() {
    return ++sequence;
  }

  /// What a connection changed by joining.
  ///
  /// @param isFirst the channel had no subscribers before
  /// @param isFirstOfUser the user was not a member before
  record Arrival(boolean isFirst, boolean isFirstOfUser) {}

  /// What a connection changed by leaving.
  ///
  /// @param isLast the channel has no subscribers any more
  /// @param member the user that is no member any more; null if there is none
  record Exit(boolean isLast, Roster.@Nullable Departure member) {}

  /// True if the presence channel has `limit` members and this would be one more.
  boolean isFullFor(@Nullable Member member, int limit) {
    return roster != null
        && member != null
        && roster.size() >= limit
        && !roster.contains(member.userId());
  }

  /// Counts a connection in. Here and in [#leave], and nowhere else, is decided which connection is
  /// the first or the last, of the channel and of a user, among the connections of this node.
  Arrival join(int lane, @Nullable Member member, long nowNs) {
    boolean isFirstOfUser = roster != null && member != null && roster.join(member, nowNs);
    perLane.incrementAndGet(lane);
    localSubscribers = total();
    return new Arrival(localSubscribers == 1, isFirstOfUser);
  }

  /// Counts a connection out that [#join] counted in.
  Exit leave(int lane, @Nullable String userId, long nowNs) {
    perLane.decrementAndGet(lane);
    localSubscribers = total();
    return new Exit(
        localSubscribers == 0,
        roster == null || userId == null ? null : roster.leave(userId, nowNs));
  }

  private int total() {
    int total = 0;
    for (int lane = 0; lane < audiences.length; lane++) {
      total += perLane.get(lane);
    }
    return total;
  }

  @Nullable Roster roster() {
    return roster;
  }

  /// What subscribers know about users that changed recently; null if none did. Its content is
  /// guarded by the entry; any thread may check for null, and then knows that all are announced.
  @Nullable Announcements announcements() {
    return announcements;
  }

  Announcements announcementsOrNew() {
    Announcements existing = announcements;
    if (existing == null) {
      existing = new Announcements();
      announcements = existing;
    }
    return existing;
  }

  /// All users are announced, and none of them changed recently.
  void dropAnnouncements() {
    announcements = null;
  }

  /// What a new subscriber learns about the members; null unless it is a presence channel.
  @Nullable List<Member> snapshot(@Nullable String ownUserId) {
    Announcements recent = announcements;
    return roster == null || recent == null || ownUserId == null
        ? members()
        : recent.snapshot(roster, ownUserId);
  }

  /// Distinct users, oldest first; only while the entry is held.
  @Nullable List<Member> members() {
    return roster == null ? null : roster.members();
  }

  void keep(KeptEvent event) {
    kept = event;
    missReported = false;
  }

  /// Drops the kept event, whether it has expired or not.
  void dropKept() {
    kept = null;
  }

  /// The kept event, whether it has expired or not.
  @Nullable KeptEvent keptEvent() {
    return kept;
  }

  /// The event for a new subscriber; null if there is none.
  @Nullable KeptEvent kept(long nowNs) {
    KeptEvent event = kept;
    return event == null || event.isExpired(nowNs) ? null : event;
  }

  /// A connection joined or left. Even if both happened, a new one has not received the count.
  void countChanged() {
    isCountPending = true;
  }

  /// True if there is a count to send and none was sent for `intervalNs`.
  boolean countIsDue(long nowNs, long intervalNs) {
    return isCountPending && (countSentNs == 0 || nowNs - countSentNs >= intervalNs);
  }

  void countSent(long nowNs) {
    isCountPending = false;
    countSentNs = nowNs == 0 ? 1 : nowNs;
  }

  /// When the waiting count may be sent, if none is sent within `intervalNs` of another;
  /// [Long#MAX_VALUE] if none waits.
  long countDueNs(long intervalNs) {
    return isCountPending ? countSentNs + intervalNs : Long.MAX_VALUE;
  }

  /// True if the registry can drop this channel.
  boolean isIdle(long nowNs) {
    return localSubscribers == 0 && kept(nowNs) == null;
  }
}
