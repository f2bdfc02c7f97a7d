package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The registry of channels and the one place where joins and leaves are decided. Any thread.
///
/// Each decision holds the entry of its channel (`compute`): while it is held, state is changed and
/// changes are reported to the one sink for them, but nothing is encoded or written. So changes are
/// reported in the order in which they were decided. Those that subscribers get carry the channel's
/// sequence, by which a lane knows which subscribers already know them.
public final class Channels {

  private final ConcurrentMap<String, ConcurrentMap<String, Channel>> byApp =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Population> populations = new ConcurrentHashMap<>();
  private final Lanes lanes;
  private final Changes changes;
  private final NanoClock clock;
  private final MemberNotices notices;
  private final Retention retention;
  private final Agenda agenda;

  /// A registry whose cache channels may keep any amount.
  public Channels(Lanes lanes, Changes changes, NanoClock clock) {
    this(lanes, changes, clock, new Share("caches", "cache_memory_bytes", Long.MAX_VALUE));
  }

  /// @param changes receives what is decided, before the subscribers do
  /// @param caches what the events of all cache channels may take
  public Channels(Lanes lanes, Changes changes, NanoClock clock, Share caches) {
    this.retention = new Retention(caches);
    this.lanes = lanes;
    this.clock = clock;
    this.notices = new MemberNotices(lanes);
    this.changes = changes.and(notices, new SubscriptionCounts(lanes));
    this.agenda = new Agenda(clock);
  }

  /// Decides whether a connection may join, and counts it if so. The caller, on the connection's
  /// lane, then adds the subscription to the lane in the same turn.
  ///
  /// @param member the joining member; null unless it is a presence channel
  public Join join(LiveApp app, ChannelName name, Subscriber subscriber, @Nullable Member member) {
    Join[] result = new Join[1];
    ofApp(app.id())
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? new Channel(app, name, lanes.size()) : existing;
              result[0] = join(channel, subscriber, member);
              return unlessIdle(channel, clock.nanoTime());
            });
    return result[0];
  }

  /// Counts a subscription as ended. The caller removes it from the lane in the same turn.
  public void leave(Subscription subscription) {
    Channel left = subscription.channel;
    ofApp(left.app().id())
        .computeIfPresent(
            left.name().value(),
            (_, channel) -> {
              leave(channel, subscription);
              return unlessIdle(channel, clock.nanoTime());
            });
  }

  /// Announces the user of a subscription to the other subscribers, if that was delayed: they must
  /// know it before an event that names it. Called before such an event is published.
  public void announce(Subscription subscription) {
    Channel joined = subscription.channel;
    String userId = subscription.userId();
    if (userId == null || joined.announcements() == null) {
      return;
    }
    ofApp(joined.app().id())
        .computeIfPresent(
            joined.name().value(),
            (_, channel) -> {
              notices.announce(channel, userId, clock.nanoTime());
              return channel;
            });
  }

  /// The channel, if it has subscribers or a cached event on this node.
  public @Nullable Channel find(App app, String name) {
    ConcurrentMap<String, Channel> channels = byApp.get(app.id());
    return channels == null ? null : channels.get(name);
  }

  /// About how many channels the app has on this node, with subscribers or a kept event.
  public int count(App app) {
    ConcurrentMap<String, Channel> channels = byApp.get(app.id());
    return channels == null ? 0 : channels.size();
  }

  /// What the app has on this node, counted up to now.
  public Population population(App app) {
    Population population = populations.get(app.id());
    return population == null
        ? populations.computeIfAbsent(app.id(), _ -> new Population())
        : population;
  }

  /// Calls `visitor` for each channel of the app that has subscribers, in any order.
  public void forEachOccupied(App app, Consumer<Channel> visitor) {
    ofApp(app.id())
        .forEach((_, channel) -> {
          if (channel.localSubscribers() > 0) {
            visitor.accept(channel);
          }
        });
  }

  /// The distinct users of a presence channel, oldest first; empty if there are none.
  public List<Member> members(App app, String name) {
    List<List<Member>> found = new ArrayList<>(1);
    ofApp(app.id())
        .computeIfPresent(
            name,
            (_, channel) -> {
              List<Member> members = channel.members();
              if (members != null) {
                found.add(members);
              }
              return channel;
            });
    return found.isEmpty() ? List.of() : found.getFirst();
  }

  /// The event that a cache channel keeps, or null.
  public @Nullable KeptEvent kept(App app, String name) {
    Channel channel = find(app, name);
    return channel == null ? null : channel.kept(clock.nanoTime());
  }

  /// Keeps an event for later subscribers and, while the entry is held, queues it for the current
  /// ones, so that each receives it exactly once. If there is too little memory for it, the least
  /// recently published events are forgotten.
  ///
  /// @param isRemote another node has published it
  void keep(LiveApp app, Publication publication, boolean isRemote) {
    ChannelName name = publication.channel();
    List<CacheBudget.Forgotten> forgotten = new ArrayList<>(0);
    ofApp(app.id())
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? new Channel(app, name, lanes.size()) : existing;
              KeptEvent event = retention.keep(channel, publication, clock.nanoTime(), forgotten);
              lanes.deliver(Outbound.kept(channel, event));
              changes.report(new Change.Kept(app.current(), channel, event, isRemote));
              agenda.add(channel, event.expiresAtNs());
              return channel;
            });
    forgotten.forEach(this::forget);
  }

  private void forget(CacheBudget.Forgotten forgotten) {
    ofApp(forgotten.app().id())
        .computeIfPresent(
            forgotten.channel(),
            (_, channel) -> {
              if (Retention.forget(channel, forgotten.event())) {
                changes.report(new Change.CacheForgotten(channel.app().current(), channel));
              }
              return unlessIdle(channel, clock.nanoTime());
            });
  }

  /// The channel, entered in the agenda if something waits, or null to drop it from the registry,
  /// with its expired event.
  private @Nullable Channel unlessIdle(Channel channel, long nowNs) {
    return unlessIdle(channel, nowNs, channel.announcements() == null ? Long.MAX_VALUE : nowNs);
  }

  /// @param noticesDueNs when member notices are due; [Long#MAX_VALUE] for never
  private @Nullable Channel unlessIdle(Channel channel, long nowNs, long noticesDueNs) {
    if (channel.isIdle(nowNs)) {
      retention.drop(channel);
      agenda.remove(channel);
      return null;
    }
    KeptEvent event = channel.keptEvent();
    if (event != null) {
      agenda.add(channel, event.expiresAtNs());
    }
    long countDueNs = SubscriptionCounts.dueNs(channel);
    if (countDueNs != Long.MAX_VALUE) {
      agenda.add(channel, countDueNs);
    }
    if (noticesDueNs != Long.MAX_VALUE) {
      agenda.add(channel, noticesDueNs);
    }
    return channel;
  }

  /// Drops expired cached events, sends delayed subscription counts and member notices, for the
  /// channels that have any. Called a few times a second by the housekeeping thread.
  ///
  /// @return how many channels were visited
  public int sweep() {
    List<Channel> due = agenda.takeDue();
    Throwable failure = null;
    for (Channel candidate : due) {
      try {
        visit(candidate, this::sweep);
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        visit(candidate, this::unlessIdle); // it is visited again, and the others are visited now
        failure = e;
      }
    }
    if (failure != null) {
      throw new IllegalStateException("failed to send what was due for a channel", failure);
    }
    return due.size();
  }

  private void visit(Channel candidate, BiFunction<Channel, Long, @Nullable Channel> step) {
    ofApp(candidate.app().id())
        .computeIfPresent(
            candidate.name().value(), (_, channel) -> step.apply(channel, clock.nanoTime()));
  }

  private @Nullable Channel sweep(Channel channel, long nowNs) {
    if (channel.kept(nowNs) == null) {
      retention.drop(channel);
    }
    reportDueCount(channel.app().current(), channel, nowNs);
    return unlessIdle(channel, nowNs, notices.sweep(channel, nowNs));
  }

  private ConcurrentMap<String, Channel> ofApp(String appId) {
    return byApp.computeIfAbsent(appId, _ -> new ConcurrentHashMap<>());
  }

  private Join join(Channel channel, Subscriber subscriber, @Nullable Member member) {
    App app = channel.app().current();
    int limit = app.limits().maxPresenceMembers();
    if (channel.isFullFor(member, limit)) {
      return new Join.Full(limit);
    }
    String userId = member == null ? null : member.userId();
    Subscription subscription =
        new Subscription(subscriber, channel, channel.nextSequence(), userId);
    long nowNs = clock.nanoTime();
    Population population = population(app);
    Channel.Arrival arrival = channel.join(subscriber.lane().index(), member, nowNs);
    population.joined(channel, arrival);
    try {
      return reportJoin(app, channel, subscription, arrival, member, nowNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      leave(channel, subscription);
      throw e;
    }
  }

  private Join reportJoin(
      App app,
      Channel channel,
      Subscription subscription,
      Channel.Arrival arrival,
      @Nullable Member member,
      long nowNs) {
    if (arrival.isFirst()) {
      changes.report(new Change.Occupied(app, channel));
    }
    if (arrival.isFirstOfUser() && member != null) {
      changes.report(new Change.MemberAdded(app, channel, member, subscription.joinedAt, nowNs));
    }
    changes.report(new Change.Joined(app, subscription));
    reportCount(app, channel, nowNs);
    KeptEvent kept = channel.kept(nowNs);
    reportMiss(app, channel, kept);
    return new Join.Joined(subscription, channel.snapshot(subscription.userId()), kept);
  }

  /// The number of subscribers has changed.
  private void reportCount(App app, Channel channel, long nowNs) {
    SubscriptionCounts.changed(app, channel);
    reportDueCount(app, channel, nowNs);
  }

  private void reportDueCount(App app, Channel channel, long nowNs) {
    if (SubscriptionCounts.takeDue(channel, nowNs)) {
      changes.report(new Change.Counted(app, channel, channel.localSubscribers()));
    }
  }

  private void reportMiss(App app, Channel channel, @Nullable KeptEvent kept) {
    if (channel.name().isCached() && kept == null && !channel.missReported) {
      channel.missReported = true;
      changes.report(new Change.CacheMissed(app, channel));
    }
  }

  /// Counts a subscription out once: a call that failed halfway may be repeated.
  private void leave(Channel channel, Subscription subscription) {
    if (!subscription.isCounted) {
      return;
    }
    subscription.isCounted = false;
    App app = channel.app().current();
    long nowNs = clock.nanoTime();
    int lane = subscription.subscriber.lane().index();
    Population population = population(app);
    Channel.Exit exit = channel.leave(lane, subscription.userId(), nowNs);
    population.left(channel, exit);
    changes.report(new Change.Left(app, subscription));
    Roster.Departure gone = exit.member();
    if (gone != null) {
      changes.report(
          new Change.MemberRemoved(app, channel, gone.member(), gone.joinedAtNs(), nowNs));
    }
    reportCount(app, channel, nowNs);
    if (exit.isLast()) {
      changes.report(new Change.Vacated(app, channel));
    }
  }
}
