package dev.fanfare.channel;

import dev.fanfare.app.App;
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

  private final App app;
  private final ChannelName name;
  private final @Nullable Audience[] audiences;
  private final @Nullable Roster roster;

  /// Connections per lane; written while the entry is held, read by publishers.
  private final AtomicIntegerArray perLane;

  private volatile int subscribers;
  private volatile int users;
  private volatile @Nullable CachedEvent cached;

  /// Counts joins, leaves and cached events; guarded by the entry.
  private long sequence;

  /// When the next subscription count may be sent, 0 if none was sent yet; guarded by the entry.
  private long countDueNs;

  /// True if the count changed since it was last sent. Written while the entry is held.
  volatile boolean isCountPending;

  /// True once a miss of the current empty period was reported; guarded by the entry.
  boolean missReported;

  Channel(App app, ChannelName name, int lanes) {
    this.app = app;
    this.name = name;
    this.audiences = new Audience[lanes];
    this.perLane = new AtomicIntegerArray(lanes);
    this.roster = name.hasMembers() ? new Roster() : null;
  }

  /// The app at the time of creation; [Channels] looks up the current one.
  App app() {
    return app;
  }

  public ChannelName name() {
    return name;
  }

  /// Connections subscribed on this node; any thread.
  public int subscribers() {
    return subscribers;
  }

  /// Distinct users of a presence channel on this node, 0 for other channels; any thread.
  public int users() {
    return users;
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

  void connectionJoined(int lane) {
    perLane.incrementAndGet(lane);
    subscribers = total();
  }

  /// The roster has changed.
  void rosterChanged() {
    users = roster == null ? 0 : roster.size();
  }

  void connectionLeft(int lane) {
    perLane.decrementAndGet(lane);
    subscribers = total();
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

  /// Distinct users, oldest first; only while the entry is held.
  @Nullable List<Member> members() {
    return roster == null ? null : roster.members();
  }

  void cache(CachedEvent event) {
    cached = event;
    missReported = false;
  }

  void dropCache() {
    cached = null;
  }

  @Nullable CachedEvent cached(long nowNs) {
    CachedEvent event = cached;
    return event == null || event.isExpired(nowNs) ? null : event;
  }

  boolean countIsDue(long nowNs) {
    return isCountPending && (countDueNs == 0 || nowNs - countDueNs >= 0);
  }

  void countSent(long nextDueNs) {
    isCountPending = false;
    countDueNs = nextDueNs;
  }

  /// Checks without the lock whether a sweep may have work.
  boolean needsSweep(long nowNs) {
    CachedEvent event = cached;
    return isCountPending || (event != null && event.isExpired(nowNs));
  }

  /// True if the registry can drop this channel.
  boolean isIdle(long nowNs) {
    return subscribers == 0 && cached(nowNs) == null;
  }
}
