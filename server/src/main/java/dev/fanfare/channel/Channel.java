package dev.fanfare.channel;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.lane.Audiences;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.History;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.presence.Announcements;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One Pusher channel of one app: the subscribers on this node, and what is known about those on
/// other nodes.
///
/// Mutable state is changed only while [Channels] holds this channel's entry; see [Audiences] for
/// what lanes read.
public final class Channel extends Audiences {

  private static final VarHandle MISS_REPORTED = missReported();

  private final LiveApp app;
  private final @Nullable Roster roster;

  /// Null on a node without a bus.
  private final @Nullable Elsewhere elsewhere;

  private volatile @Nullable KeptEvent kept;

  /// The rules of the app from which [#history] follows. Written while the entry is held.
  private volatile List<HistoryRule> rules = List.of();

  /// Counts joins, leaves and kept events; guarded by the entry.
  private long sequence;

  /// When the subscription count was last sent, 0 if it was not sent yet; guarded by the entry.
  private long countSentNs;

  /// True if a count must be sent; guarded by the entry.
  private boolean isCountPending;

  /// What subscribers know about users that changed recently; null if none did. Written while the
  /// entry is held, its content guarded by it.
  private volatile @Nullable Announcements announcements;

  /// True once a miss of the current empty period was reported. Any thread.
  private volatile boolean isMissReported;

  /// Belongs to [Agenda]; null while nothing is due later.
  Agenda.@Nullable Entry agendaEntry;

  /// A channel of a node without a bus.
  Channel(LiveApp app, ChannelName name, int lanes) {
    this(app, name, lanes, null);
  }

  /// @param sharing null on a node without a bus
  Channel(LiveApp app, ChannelName name, int lanes, @Nullable Sharing sharing) {
    super(name, lanes);
    this.app = app;
    this.roster = name.hasMembers() ? new Roster() : null;
    this.elsewhere = sharing == null ? null : new Elsewhere(sharing);
  }

  private static VarHandle missReported() {
    try {
      return MethodHandles.lookup().findVarHandle(Channel.class, "isMissReported", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// The channel of a subscription.
  static Channel of(Subscription subscription) {
    return (Channel) subscription.channel(); // lanes know no other kind of audiences
  }

  LiveApp app() {
    return app;
  }

  /// Connections subscribed on all nodes; any thread.
  public int subscribers() {
    return elsewhere == null ? localSubscribers() : localSubscribers() + elsewhere.total();
  }

  /// True if it has subscribers on any node, or users who are expected to come back; any thread.
  public boolean isOccupied() {
    return subscribers() > 0 || (roster != null && roster.size() > 0);
  }

  /// Distinct users of a presence channel on all nodes, 0 for other channels; any thread.
  public int users() {
    return roster == null ? 0 : roster.size();
  }

  /// Distinct users of a presence channel on this node, 0 for other channels; any thread.
  public int localUsers() {
    return roster == null ? 0 : roster.localSize();
  }

  /// Null on a node without a bus.
  @Nullable Elsewhere elsewhere() {
    return elsewhere;
  }

  long nextSequence() {
    return ++sequence;
  }

  /// From now on, sequences are higher than this.
  void raiseSequence(long floor) {
    sequence = Math.max(sequence, floor);
  }

  /// What a connection changed by joining.
  ///
  /// @param isFirst the channel had no subscribers before, on any node
  /// @param user null unless it is a presence channel
  record Arrival(boolean isFirst, Roster.@Nullable Arrival user) {

    private static final Arrival FIRST = new Arrival(true, null);
    private static final Arrival ANOTHER = new Arrival(false, null);

    static Arrival of(boolean isFirst, Roster.@Nullable Arrival user) {
      if (user != null) {
        return new Arrival(isFirst, user);
      }
      return isFirst ? FIRST : ANOTHER;
    }
  }

  /// What a connection changed by leaving.
  ///
  /// @param isLast the channel has no subscribers any more, on any node
  /// @param member the user who has no connection any more on this node; null if there is none
  record Exit(boolean isLast, Roster.@Nullable Departure member) {

    private static final Exit LAST = new Exit(true, null);
    private static final Exit ANOTHER = new Exit(false, null);

    static Exit of(boolean isLast, Roster.@Nullable Departure member) {
      if (member != null) {
        return new Exit(isLast, member);
      }
      return isLast ? LAST : ANOTHER;
    }
  }

  /// True if the presence channel has `limit` members and this would be one more.
  boolean isFullFor(@Nullable Member member, int limit) {
    return roster != null
        && member != null
        && roster.size() >= limit
        && !roster.contains(member.userId());
  }

  /// Counts a connection in. Here and in [#leave], and for other nodes in [Decisions], is decided
  /// which connection is the first or the last, of the channel and of a user.
  Arrival join(int lane, @Nullable Member member, long nowNs) {
    boolean isFirst = !isOccupied();
    Roster.Arrival user = roster == null || member == null ? null : roster.join(member, nowNs);
    countIn(lane);
    return Arrival.of(isFirst, user);
  }

  /// Counts a connection out that [#join] counted in.
  Exit leave(int lane, @Nullable String userId, long nowNs) {
    countOut(lane);
    Roster.Departure user = roster == null || userId == null ? null : roster.leave(userId, nowNs);
    return Exit.of(!isOccupied(), user);
  }

  /// Nanoseconds until a user who is expected to come back is no longer; [Long#MAX_VALUE] if there
  /// is none.
  long expiryNs(long nowNs) {
    return roster == null ? Long.MAX_VALUE : roster.expiryNs(nowNs);
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
    isMissReported = false;
  }

  /// Reports that the channel has no event for a new subscriber. Any thread.
  ///
  /// @return false if that was reported since it kept one
  public boolean reportMiss() {
    return !isMissReported && MISS_REPORTED.compareAndSet(this, false, true);
  }

  /// Drops the kept event, whether it has expired or not.
  void dropKept() {
    kept = null;
  }

  /// True if [#history] follows from these very rules. Any thread.
  @SuppressWarnings("ReferenceEquality") // a reload makes a new list
  boolean follows(List<HistoryRule> current) {
    return rules == current;
  }

  /// @param found null if none of the rules covers this channel
  void follow(List<HistoryRule> current, @Nullable History found) {
    setHistory(found);
    rules = current;
  }

  /// The channel has opened one more log under the same rules.
  void replaceHistory(History found) {
    setHistory(found);
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
    History found = history();
    return !isOccupied() && kept(nowNs) == null && (found == null || found.dueNs() == EventLog.END);
  }
}
