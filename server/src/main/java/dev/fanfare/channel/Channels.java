package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.CacheBudget;
import dev.fanfare.history.EventId;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.ReplayRequest;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The registry of channels, in which joins and leaves are decided, here and on other nodes. Any
/// thread.
///
/// Each decision ([Decisions]) holds the entry of its channel (`compute`): meanwhile, state is
/// changed and reported to the one sink for changes, in their order, but nothing is encoded or
/// written. What subscribers get carries the channel's sequence, by which lanes know who knows it.
public final class Channels {

  private final ConcurrentMap<String, ConcurrentMap<String, Channel>> byApp =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Population> populations = new ConcurrentHashMap<>();
  private final Lanes lanes;
  final NanoClock clock;
  private final MemberNotices notices;
  private final Retention retention;
  private final Decisions decisions;
  private final Agenda agenda;
  private final @Nullable Sharing sharing;

  /// A registry of a node without a bus whose channels may keep any amount.
  public Channels(Lanes lanes, Changes changes, NanoClock clock) {
    this(lanes, changes, clock, new Share("caches", "", Long.MAX_VALUE), null);
  }

  /// A registry in which channels that rules cover may keep any amount.
  public Channels(
      Lanes lanes, Changes changes, NanoClock clock, Share caches, @Nullable Sharing sharing) {
    this(lanes, changes, clock, caches, MemoryStore.unlimited(), sharing);
  }

  /// @param changes receives what is decided, before the subscribers do
  /// @param caches what the events of all cache channels may take
  /// @param store keeps the events of channels that rules cover
  /// @param sharing null on a node without a bus
  public Channels(
      Lanes lanes,
      Changes changes,
      NanoClock clock,
      Share caches,
      HistoryStore store,
      @Nullable Sharing sharing) {
    this.retention = new Retention(new CacheBudget(caches), store, sharing == null);
    this.lanes = lanes;
    this.clock = clock;
    this.notices = new MemberNotices(lanes);
    Changes all = changes.and(notices, new SubscriptionCounts(lanes));
    this.decisions = new Decisions(lanes, all, clock, retention, notices, this::population);
    this.agenda = new Agenda(clock);
    this.sharing = sharing;
  }

  /// Joins like the other method; the connection gets the kept events that the rule says.
  public Join join(LiveApp app, ChannelName name, Subscriber subscriber, @Nullable Member member) {
    return join(app, name, subscriber, member, null);
  }

  /// Decides whether a connection may join, and counts it if so. The caller, on the connection's
  /// lane, then adds the subscription to the lane in the same turn.
  ///
  /// @param member the joining member; null unless it is a presence channel
  /// @param request what is known about the replay for it; null for what the rule says
  public Join join(
      LiveApp app,
      ChannelName name,
      Subscriber subscriber,
      @Nullable Member member,
      @Nullable ReplayRequest request) {
    @Nullable Object[] inAndOut = {request}; // to capture one variable less, at each join
    ofApp(app.id())
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? newChannel(app, name) : existing;
              inAndOut[0] =
                  decisions.join(channel, subscriber, member, (ReplayRequest) inAndOut[0]);
              return unlessIdle(channel, clock.nanoTime());
            });
    return (Join) Objects.requireNonNull(inAndOut[0]);
  }

  /// Counts a subscription as ended. The caller removes it from the lane in the same turn.
  public void leave(Subscription subscription, LeaveCause cause) {
    Channel left = Channel.of(subscription);
    ofApp(left.app().id())
        .computeIfPresent(
            left.name().value(),
            cause == LeaveCause.CLOSED // to capture one variable less, at most leaves
                ? (_, channel) -> leave(channel, subscription, LeaveCause.CLOSED)
                : (_, channel) -> leave(channel, subscription, cause));
  }

  private @Nullable Channel leave(Channel channel, Subscription subscription, LeaveCause cause) {
    decisions.leave(channel, subscription, cause);
    return unlessIdle(channel, clock.nanoTime());
  }

  /// Announces the user of a subscription to the other subscribers, if that was delayed: they must
  /// know it before an event that names it. Called before such an event is published.
  public void announce(Subscription subscription) {
    Channel joined = Channel.of(subscription);
    String userId = subscription.userId();
    if (userId == null || joined.announcements() == null) {
      return;
    }
    use(
        joined.app().id(),
        joined.name().value(),
        channel -> notices.announce(channel, userId, clock.nanoTime()));
  }

  /// The channel, if it has subscribers on any node or a cached event.
  public @Nullable Channel find(App app, String name) {
    ConcurrentMap<String, Channel> channels = byApp.get(app.id());
    return channels == null ? null : channels.get(name);
  }

  /// About how many channels the app has, with subscribers on any node or a kept event.
  public int count(App app) {
    return ofApp(app.id()).size();
  }

  /// What the app has on this node.
  public Population population(App app) {
    Population known = populations.get(app.id());
    return known == null ? populations.computeIfAbsent(app.id(), _ -> new Population()) : known;
  }

  /// Calls `visitor` for each channel of the app that has subscribers on any node, in any order.
  public void forEachOccupied(App app, Consumer<Channel> visitor) {
    ofApp(app.id()).values().stream().filter(Channel::isOccupied).forEach(visitor);
  }

  /// One element for each channel, which calls `visitor` while the channel's entry is held; a
  /// channel that is created meanwhile may be left out.
  public Iterator<Runnable> visits(Consumer<Channel> visitor) {
    BiFunction<String, Channel, @Nullable Channel> visit =
        (_, channel) -> {
          visitor.accept(channel);
          return channel;
        };
    return byApp.values().stream()
        .flatMap(channels ->
            channels.keySet().stream()
                .<Runnable>map(name -> () -> channels.computeIfPresent(name, visit)))
        .iterator();
  }

  /// The distinct users of a presence channel on all nodes, oldest first; empty if there are none.
  public List<Member> members(App app, String name) {
    List<Member> found = new ArrayList<>();
    use(
        app.id(),
        name,
        channel -> found.addAll(Objects.requireNonNullElse(channel.members(), List.of())));
    return found;
  }

  /// The event that a cache channel keeps, or null.
  public @Nullable KeptEvent kept(App app, String name) {
    Channel channel = find(app, name);
    return channel == null ? null : channel.kept(clock.nanoTime());
  }

  Retention retention() {
    return retention;
  }

  /// Events that a channel keeps under a rule; fails if none covers it. May block.
  public Parsed<HistoryPage> history(App app, ChannelName name, HistoryPage.Query query) {
    return retention.page(app, name, find(app, name.value()), query, clock.nanoTime());
  }

  /// Keeps an event for later subscribers and, while the entry is held, queues it for the current
  /// ones, so that each receives it exactly once. If there is too little memory for it, the least
  /// recently published events are forgotten. Returns its id; null unless a rule keeps it.
  @Nullable EventId keep(LiveApp app, Publication event, @Nullable DeliveryTrace trace) {
    @Nullable EventId[] id = new EventId[1];
    keep(app, event.channel(), (c, gone) -> id[0] = decisions.keep(c, event, trace, gone));
    return id[0];
  }

  /// Opens what an earlier process kept of a channel, before anything else happens to it.
  public void reopen(LiveApp app, ChannelName name) {
    keep(app, name, (found, forgotten) -> retention.reopen(found, clock.nanoTime(), forgotten));
  }

  private void keep(
      LiveApp app, ChannelName name, BiConsumer<Channel, List<CacheBudget.Forgotten>> decision) {
    List<CacheBudget.Forgotten> forgotten = new ArrayList<>(0);
    ofApp(app.id())
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? newChannel(app, name) : existing;
              decision.accept(channel, forgotten);
              return unlessIdle(channel, clock.nanoTime());
            });
    forgotten.forEach(this::forget);
  }

  /// Another node has published an event, which goes to the subscriptions of this node that are
  /// older.
  ///
  /// @param asOfNs when it was published, on the clock of the bus
  void remoteEvent(
      LiveApp app, Publication publication, long asOfNs, @Nullable DeliveryTrace trace) {
    use(
        app.id(),
        publication.channel().value(),
        channel -> decisions.remoteEvents().deliver(channel, publication, asOfNs, trace));
  }

  /// Another node keeps an event, which goes to the subscriptions of this node that are older, and
  /// is kept here too unless there is one with a higher version.
  ///
  /// @param asOfNs when it was published, on the clock of the bus
  /// @param trace notified of its delivery; null if it is not traced
  public void remoteKept(
      LiveApp app, BusMessage.Kept kept, long asOfNs, @Nullable DeliveryTrace trace) {
    keep(
        app,
        kept.publication().channel(),
        (channel, forgotten) ->
            decisions.remoteEvents().keep(channel, kept, asOfNs, trace, forgotten));
  }

  /// Delivers what has arrived in the log of a channel that nodes keep together.
  public void drain(String appId, String name) {
    List<CacheBudget.Forgotten> gone = new ArrayList<>(0);
    use(appId, name, channel -> decisions.remoteEvents().drain(channel, gone));
    gone.forEach(this::forget);
  }

  /// Another node has that many subscriptions to a channel, at least one.
  public void remoteInterest(LiveApp app, int node, String channel, int count) {
    begin(app, channel, found -> decisions.remoteInterest(found, node, count));
  }

  /// Another node has no subscriptions to a channel any more.
  public void remoteVacated(String appId, int node, String channel) {
    use(appId, channel, found -> decisions.remoteInterest(found, node, 0));
  }

  /// A user's first connection on another node has joined a presence channel.
  public void remoteJoined(LiveApp app, int node, String channel, Member member) {
    begin(app, channel, found -> decisions.remoteJoined(found, node, member));
  }

  /// A user's last connection on another node has left a presence channel.
  ///
  /// @param isHandedOver the user is expected at a third node or at this one
  public void remoteLeft(
      String appId, int node, String channel, String userId, boolean isHandedOver) {
    use(appId, channel, found -> decisions.remoteLeft(found, node, userId, isHandedOver));
  }

  /// Applies a decision while the entry is held; the channel may be new.
  void begin(LiveApp app, String name, Consumer<Channel> decision) {
    ofApp(app.id())
        .compute(
            name,
            (_, existing) -> {
              Channel channel = existing == null ? newChannel(app, name) : existing;
              if (channel == null) {
                return null;
              }
              decision.accept(channel);
              return unlessIdle(channel, clock.nanoTime());
            });
  }

  /// Does something while the entry is held, if the channel is known.
  private void use(String appId, String name, Consumer<Channel> decision) {
    ofApp(appId)
        .computeIfPresent(
            name,
            (_, channel) -> {
              decision.accept(channel);
              return unlessIdle(channel, clock.nanoTime());
            });
  }

  /// @return null if the name is invalid
  private @Nullable Channel newChannel(LiveApp app, String name) {
    return ChannelName.parse(name, Integer.MAX_VALUE) instanceof Parsed.Ok<ChannelName> ok
        ? newChannel(app, ok.value())
        : null;
  }

  /// From now on, users who leave are expected at another node and count as present for a few
  /// seconds: this node is draining. Does nothing on a node without a bus.
  public void handOver() {
    decisions.handOver();
  }

  private Channel newChannel(LiveApp app, ChannelName name) {
    return new Channel(app, name, lanes.size(), sharing);
  }

  private void forget(CacheBudget.Forgotten forgotten) {
    use(
        forgotten.app().id(),
        forgotten.channel(),
        channel -> decisions.forget(channel, forgotten.event()));
  }

  /// The channel, entered in the agenda if something waits, or null to drop it from the registry,
  /// with its expired event.
  private @Nullable Channel unlessIdle(Channel channel, long nowNs) {
    if (channel.isIdle(nowNs)) {
      retention.close(channel);
      agenda.remove(channel);
      return null;
    }
    agenda.enter(channel, nowNs);
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

  /// Applies the rules for history of apps that have changed. Any thread.
  public void appsChanged(Iterable<String> appIds) {
    appIds.forEach(appId -> ofApp(appId).values().forEach(each -> visit(each, this::sweep)));
  }

  private void visit(Channel candidate, BiFunction<Channel, Long, @Nullable Channel> step) {
    ofApp(candidate.app().id())
        .computeIfPresent(
            candidate.name().value(), (_, channel) -> step.apply(channel, clock.nanoTime()));
  }

  private @Nullable Channel sweep(Channel channel, long nowNs) {
    decisions.sweep(channel, nowNs);
    notices.sweep(channel, nowNs);
    return unlessIdle(channel, nowNs);
  }

  private ConcurrentMap<String, Channel> ofApp(String appId) {
    return byApp.computeIfAbsent(appId, _ -> new ConcurrentHashMap<>());
  }
}
