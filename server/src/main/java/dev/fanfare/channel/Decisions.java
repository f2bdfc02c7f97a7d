package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.CatchUp;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.CacheBudget;
import dev.fanfare.history.EventId;
import dev.fanfare.history.History;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.ReplayRequest;
import dev.fanfare.history.Start;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is decided about a channel and reported as [Change]s: joins and leaves, what is kept, and
/// what other nodes report. Every method is called by [Channels] while it holds the channel's
/// entry, except [#handOver].
final class Decisions {

  private final Lanes lanes;
  private final Changes changes;
  private final NanoClock clock;
  private final Retention retention;
  private final RemoteEvents remoteEvents;
  private final Function<App, Population> populations;
  private volatile boolean isHandingOver;

  /// @param populations counts what this node has of an app
  Decisions(
      Lanes lanes,
      Changes changes,
      NanoClock clock,
      Retention retention,
      MemberNotices notices,
      Function<App, Population> populations) {
    this.lanes = lanes;
    this.changes = changes;
    this.clock = clock;
    this.retention = retention;
    this.remoteEvents = new RemoteEvents(lanes, changes, clock, retention, notices);
    this.populations = populations;
  }

  /// See [Channels#handOver]. Any thread.
  void handOver() {
    isHandingOver = true;
  }

  /// @param request what is known about the replay for it; null for what the rule says
  Join join(
      Channel channel,
      Subscriber subscriber,
      @Nullable Member member,
      @Nullable ReplayRequest request) {
    App app = channel.app().current();
    int limit = app.limits().maxPresenceMembers();
    if (channel.isFullFor(member, limit)) {
      return new Join.Full(limit);
    }
    String userId = member == null ? null : member.userId();
    Subscription subscription = subscription(channel, subscriber, userId, request);
    long nowNs = clock.nanoTime();
    Population population = populations.apply(app);
    Channel.Arrival arrival = channel.join(subscriber.lane().index(), member, nowNs);
    population.joined(channel, arrival);
    Elsewhere elsewhere = channel.elsewhere();
    if (elsewhere != null) {
      long atNs =
          subscription instanceof Subscription.Timed timed
              ? timed.joinedAtNs()
              : elsewhere.sharing.clock().nanoTime();
      elsewhere.joined(channel.localSubscribers(), atNs);
    }
    try {
      return reportJoin(app, channel, subscription, arrival, member, nowNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      leave(channel, subscription, LeaveCause.CLOSED);
      throw e;
    }
  }

  private Subscription subscription(
      Channel channel,
      Subscriber subscriber,
      @Nullable String userId,
      @Nullable ReplayRequest request) {
    retention.apply(channel, clock.nanoTime());
    long sequence = channel.nextSequence();
    Elsewhere elsewhere = channel.elsewhere();
    if (elsewhere != null && channel.history() == null) {
      return new Subscription.Timed(
          subscriber, channel, sequence, userId, elsewhere.sharing.clock().nanoTime());
    }
    if (channel.localSubscribers() == 0) {
      Retention.begin(channel);
    }
    Start start = retention.start(channel, subscriber.socketId(), request, clock.nanoTime());
    return start == null
        ? new Subscription.Plain(subscriber, channel, sequence, userId)
        : Subscription.of(subscriber, channel, sequence, userId, start, clock);
  }

  private Join reportJoin(
      App app,
      Channel channel,
      Subscription subscription,
      Channel.Arrival arrival,
      @Nullable Member member,
      long nowNs) {
    Roster.Arrival user = arrival.user();
    if (arrival.isFirst()) {
      changes.report(new Change.Occupied(app, channel));
    }
    if (user == Roster.Arrival.FIRST && member != null) {
      changes.report(new Change.MemberAdded(app, channel, member, subscription.joinedAt(), nowNs));
    }
    if (user != Roster.Arrival.AGAIN && member != null) {
      boolean isFirst = user == Roster.Arrival.FIRST;
      retention.presence().joined(channel, member.userId(), isFirst, nowNs);
    }
    Member firstHere = user == Roster.Arrival.AGAIN ? null : member;
    changes.report(new Change.Joined(app, subscription, firstHere));
    reportCount(app, channel, nowNs);
    KeptEvent kept = channel.kept(nowNs);
    CatchUp replay = subscription.replay();
    reportMiss(app, channel, kept != null || replay != null);
    boolean isReplayed = kept != null && replay != null && replay.start() < kept.sequence();
    return new Join.Joined(
        subscription, channel.snapshot(subscription.userId()), isReplayed ? null : kept);
  }

  /// The number of subscribers has changed.
  private void reportCount(App app, Channel channel, long nowNs) {
    SubscriptionCounts.changed(app, channel);
    reportDueCount(app, channel, nowNs);
  }

  private void reportDueCount(App app, Channel channel, long nowNs) {
    if (SubscriptionCounts.takeDue(channel, nowNs)) {
      changes.report(new Change.Counted(app, channel, channel.subscribers()));
    }
  }

  private void reportMiss(App app, Channel channel, boolean isKept) {
    if (channel.name().isCached() && !isKept && channel.reportMiss()) {
      changes.report(new Change.CacheMissed(app, channel));
    }
  }

  /// Counts a subscription out once: a call that failed halfway may be repeated.
  void leave(Channel channel, Subscription subscription, LeaveCause cause) {
    if (!subscription.countOut()) {
      return;
    }
    subscription.end();
    App app = channel.app().current();
    long nowNs = clock.nanoTime();
    boolean isHandedOver = isHandingOver && channel.elsewhere() != null;
    if (isHandedOver) {
      expect(channel, subscription.userId(), nowNs);
    }
    int lane = subscription.subscriber().lane().index();
    Population population = populations.apply(app);
    Channel.Exit exit = channel.leave(lane, subscription.userId(), nowNs);
    if (channel.localSubscribers() == 0) {
      retention.end(channel);
    }
    population.left(channel, exit);
    Roster.Departure user = exit.member();
    changes.report(new Change.Left(app, subscription, user != null, isHandedOver));
    reportGone(app, channel, user, cause, nowNs);
    if (user != null) {
      retention.presence().leftHere(channel, user.member().userId(), cause);
    }
    reportCount(app, channel, nowNs);
    if (exit.isLast()) {
      changes.report(new Change.Vacated(app, channel));
    }
  }

  private static void expect(Channel channel, @Nullable String userId, long nowNs) {
    Roster roster = channel.roster();
    Elsewhere elsewhere = channel.elsewhere();
    if (roster != null && userId != null && elsewhere != null) {
      roster.expect(userId, nowNs + elsewhere.sharing.handOverNs());
    }
  }

  private void reportGone(
      App app, Channel channel, Roster.@Nullable Departure user, LeaveCause cause, long nowNs) {
    if (user != null && user.isGone()) {
      changes.report(
          new Change.MemberRemoved(app, channel, user.member(), user.joinedAtNs(), nowNs));
      retention.presence().left(channel, user.member().userId(), cause, nowNs);
    }
  }

  /// Keeps an event for later subscribers and delivers it to the current ones.
  ///
  /// @return its id; null unless a rule keeps it
  @Nullable EventId keep(
      Channel channel,
      Publication publication,
      @Nullable DeliveryTrace trace,
      List<CacheBudget.Forgotten> forgotten) {
    Elsewhere elsewhere = channel.elsewhere();
    if (elsewhere != null) {
      var _ = elsewhere.versions().next(elsewhere.sharing.wall().millis());
    }
    long nowNs = clock.nanoTime();
    StoredEvent stored = retention.store(channel, publication, nowNs);
    if (channel.name().isCached() && publication.origin() == Origin.HTTP) {
      KeptEvent event =
          retention.keep(channel, publication, stored, nowNs, Long.MAX_VALUE, forgotten);
      Outbound outbound =
          stored == null ? Outbound.kept(channel, event) : Outbound.stored(channel, stored);
      lanes.deliver(outbound.tracedBy(trace));
      long id = trace == null ? 0 : trace.id();
      changes.report(new Change.Kept(channel.app().current(), channel, event, false, id));
    } else {
      Outbound outbound =
          stored == null
              ? Outbound.event(channel, publication) // the rule was removed meanwhile
              : Outbound.stored(channel, stored);
      lanes.deliver(outbound.tracedBy(trace));
    }
    return stored == null ? null : stored.id();
  }

  /// Forgets the event of a cache channel, unless the channel keeps another one by now.
  void forget(Channel channel, KeptEvent event) {
    if (Retention.forget(channel, event)) {
      changes.report(new Change.CacheForgotten(channel.app().current(), channel));
    }
  }

  /// Sends and drops what is due.
  void sweep(Channel channel, long nowNs) {
    if (channel.kept(nowNs) == null) {
      retention.drop(channel);
    }
    App app = channel.app().current();
    Roster roster = channel.roster();
    boolean wasOccupied = channel.isOccupied();
    if (roster != null) {
      roster
          .expire(nowNs)
          .forEach(user -> reportGone(app, channel, user, LeaveCause.CLOSED, nowNs));
    }
    reportDueCount(app, channel, nowNs);
    if (RemoteEvents.owedNs(channel) - nowNs <= 0) {
      remoteEvents.deliverOwed(channel);
    }
    reportVacated(app, channel, wasOccupied);
    retention.apply(channel, nowNs);
    History history = channel.history();
    if (history != null) {
      history.expire(nowNs);
    }
  }

  /// The events that other nodes publish.
  RemoteEvents remoteEvents() {
    return remoteEvents;
  }

  void remoteInterest(Channel channel, int node, int count) {
    Elsewhere elsewhere = channel.elsewhere();
    boolean wasOccupied = channel.isOccupied();
    if (elsewhere == null || !elsewhere.set(node, count)) {
      return;
    }
    App app = channel.app().current();
    reportOccupied(app, channel, wasOccupied);
    if (channel.localSubscribers() > 0 || !app.webhooks().isEmpty()) {
      reportCount(app, channel, clock.nanoTime());
    }
    reportVacated(app, channel, wasOccupied);
  }

  void remoteJoined(Channel channel, int node, Member member) {
    Roster roster = channel.roster();
    boolean wasOccupied = channel.isOccupied();
    long nowNs = clock.nanoTime();
    if (roster != null && roster.join(node, member, nowNs)) {
      App app = channel.app().current();
      reportOccupied(app, channel, wasOccupied);
      changes.report(new Change.MemberAdded(app, channel, member, channel.nextSequence(), nowNs));
    }
  }

  void remoteLeft(Channel channel, int node, String userId, boolean isHandedOver) {
    Roster roster = channel.roster();
    if (roster == null) {
      return;
    }
    boolean wasOccupied = channel.isOccupied();
    long nowNs = clock.nanoTime();
    if (isHandedOver) {
      expect(channel, userId, nowNs);
    }
    App app = channel.app().current();
    Roster.Departure user = roster.leave(node, userId, nowNs);
    reportGone(app, channel, user, LeaveCause.CLOSED, nowNs);
    if (user != null) {
      retention.presence().leftElsewhere(channel);
    }
    reportVacated(app, channel, wasOccupied);
  }

  private void reportOccupied(App app, Channel channel, boolean wasOccupied) {
    if (!wasOccupied && channel.isOccupied()) {
      changes.report(new Change.Occupied(app, channel));
    }
  }

  private void reportVacated(App app, Channel channel, boolean wasOccupied) {
    if (wasOccupied && !channel.isOccupied()) {
      changes.report(new Change.Vacated(app, channel));
    }
  }
}
