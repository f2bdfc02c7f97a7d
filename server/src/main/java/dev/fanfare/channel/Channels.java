package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.ServerMessage.MemberAdded;
import dev.fanfare.protocol.ServerMessage.MemberRemoved;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The registry of channels and the one place where joins and leaves are decided. Any thread.
///
/// Each decision holds the entry of its channel (`compute`): while it is held, state is changed and
/// facts are queued (lanes, listener), but never encoded or written. So facts are reported in the
/// order in which they were decided, and each carries the channel's sequence, by which a lane knows
/// which subscribers already know it.
public final class Channels {

  private final ConcurrentMap<String, ConcurrentMap<String, Channel>> byApp =
      new ConcurrentHashMap<>();
  private final Lanes lanes;
  private final ServerListener listener;
  private final NanoClock clock;
  private final Apps apps;
  private final SubscriptionCounts counts;

  public Channels(Lanes lanes, ServerListener listener, NanoClock clock, Apps apps) {
    this.lanes = lanes;
    this.listener = listener;
    this.clock = clock;
    this.apps = apps;
    this.counts = new SubscriptionCounts(lanes, listener);
  }

  /// Decides whether a connection may join, and counts it if so. The caller, on the connection's
  /// lane, then adds the subscription to the lane in the same turn.
  ///
  /// @param member the joining member; null unless it is a presence channel
  public Join join(App app, ChannelName name, Subscriber subscriber, @Nullable Member member) {
    Join[] result = new Join[1];
    ofApp(app)
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? new Channel(app, name, lanes.size()) : existing;
              result[0] = join(channel, subscriber, member);
              return channel.isIdle(clock.nanoTime()) ? null : channel;
            });
    return result[0];
  }

  /// Counts a subscription as ended. The caller removes it from the lane in the same turn.
  public void leave(Subscription subscription) {
    Channel left = subscription.channel;
    ofApp(left.app())
        .computeIfPresent(
            left.name().value(),
            (_, channel) -> {
              leave(channel, subscription);
              return channel.isIdle(clock.nanoTime()) ? null : channel;
            });
  }

  /// The channel, if it has subscribers or a cached event on this node.
  public @Nullable Channel find(App app, String name) {
    ConcurrentMap<String, Channel> channels = byApp.get(app.id());
    return channels == null ? null : channels.get(name);
  }

  /// Calls `visitor` for each channel of the app that has subscribers, in any order.
  public void forEachOccupied(App app, Consumer<Channel> visitor) {
    ofApp(app)
        .forEach((_, channel) -> {
          if (channel.subscribers() > 0) {
            visitor.accept(channel);
          }
        });
  }

  /// The distinct users of a presence channel, oldest first; empty if there are none.
  public List<Member> members(App app, String name) {
    List<List<Member>> found = new ArrayList<>(1);
    ofApp(app)
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

  /// The event that a cache channel holds, or null.
  public @Nullable CachedEvent cached(App app, String name) {
    Channel channel = find(app, name);
    return channel == null ? null : channel.cached(clock.nanoTime());
  }

  /// Stores an event for later subscribers and, while the entry is held, queues it for the current
  /// ones, so that each receives it exactly once.
  void cache(App app, ChannelName name, CachedEvent event, BiConsumer<Channel, Long> deliver) {
    ofApp(app)
        .compute(
            name.value(),
            (_, existing) -> {
              Channel channel = existing == null ? new Channel(app, name, lanes.size()) : existing;
              channel.cache(event);
              deliver.accept(channel, channel.nextSequence());
              return channel;
            });
  }

  long cacheExpiryNs(App app) {
    return clock.nanoTime() + TimeUnit.SECONDS.toNanos(app.limits().cacheTtlSeconds());
  }

  /// Drops expired cached events and sends delayed subscription counts. Called a few times a second
  /// by the housekeeping thread.
  public void sweep() {
    long nowNs = clock.nanoTime();
    for (ConcurrentMap<String, Channel> channels : byApp.values()) {
      for (Channel candidate : channels.values()) {
        if (candidate.needsSweep(nowNs)) {
          channels.computeIfPresent(
              candidate.name().value(), (_, channel) -> sweep(channel, nowNs));
        }
      }
    }
  }

  private @Nullable Channel sweep(Channel channel, long nowNs) {
    if (channel.cached(nowNs) == null) {
      channel.dropCache();
    }
    counts.sweep(apps.current(channel.app()), channel, nowNs);
    return channel.isIdle(nowNs) ? null : channel;
  }

  private ConcurrentMap<String, Channel> ofApp(App app) {
    return byApp.computeIfAbsent(app.id(), _ -> new ConcurrentHashMap<>());
  }

  private Join join(Channel channel, Subscriber subscriber, @Nullable Member member) {
    App app = apps.current(channel.app());
    Roster roster = channel.roster();
    int limit = app.limits().maxPresenceMembers();
    if (roster != null
        && member != null
        && roster.size() >= limit
        && !roster.contains(member.userId())) {
      return new Join.Full(limit);
    }
    String userId = member == null ? null : member.userId();
    Subscription subscription =
        new Subscription(subscriber, channel, channel.nextSequence(), userId);
    channel.connectionJoined(subscriber.lane().index());
    boolean isFirst = false;
    try {
      isFirst = roster != null && member != null && roster.join(member);
      return reportJoin(app, channel, subscription, isFirst ? member : null);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      channel.connectionLeft(subscriber.lane().index());
      if (isFirst && roster != null && userId != null) {
        roster.leave(userId);
        channel.rosterChanged();
      }
      throw e;
    }
  }

  /// @param added the user whose first connection this is; null if there is none
  private Join reportJoin(
      App app, Channel channel, Subscription subscription, @Nullable Member added) {
    String name = channel.name().value();
    if (channel.subscribers() == 1) {
      listener.channelOccupied(app, name);
    }
    if (added != null) {
      channel.rosterChanged();
      listener.memberAdded(app, name, added.userId());
      lanes.deliver(Outbound.fact(channel, new MemberAdded(name, added), subscription.joinedAt));
    }
    listener.subscribed(app, name, subscription.subscriber);
    long nowNs = clock.nanoTime();
    counts.changed(app, channel, nowNs);
    CachedEvent cached = channel.cached(nowNs);
    reportMiss(app, channel, cached);
    return new Join.Joined(subscription, channel.members(), cached);
  }

  private void reportMiss(App app, Channel channel, @Nullable CachedEvent cached) {
    if (channel.name().isCached() && cached == null && !channel.missReported) {
      channel.missReported = true;
      listener.cacheMissed(app, channel.name().value());
    }
  }

  /// Changes what is counted before anyone hears of it, and only once: a call that failed halfway
  /// may be repeated.
  private void leave(Channel channel, Subscription subscription) {
    if (!subscription.isCounted) {
      return;
    }
    subscription.isCounted = false;
    App app = apps.current(channel.app());
    String name = channel.name().value();
    long sequence = channel.nextSequence();
    channel.connectionLeft(subscription.subscriber.lane().index());
    Roster roster = channel.roster();
    String userId = subscription.userId();
    boolean isLast = roster != null && userId != null && roster.leave(userId);
    if (isLast) {
      channel.rosterChanged();
    }
    listener.unsubscribed(app, name, subscription.subscriber);
    if (isLast && userId != null) {
      listener.memberRemoved(app, name, userId);
      lanes.deliver(Outbound.fact(channel, new MemberRemoved(name, userId), sequence));
    }
    counts.changed(app, channel, clock.nanoTime());
    if (channel.subscribers() == 0) {
      listener.channelVacated(app, name);
    }
  }
}
