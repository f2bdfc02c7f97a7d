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
/// Everything mutable is changed inside [Channels]' hold on this channel's entry only. The counts
/// are volatile, so that anyone may read them; each lane's [Audience] belongs to that lane.
public final class Channel {

  private final App app;
  private final ChannelName name;
  private final @Nullable Audience[] audiences;
  private final @Nullable Roster roster;

  /// Connections per lane; an element is written inside the hold and read by publishers.
  private final AtomicIntegerArray perLane;

  private volatile int subscribers;
  private volatile int users;
  private volatile @Nullable CachedEvent cached;

  /// Counts joins, leaves and cached events; guarded by the hold.
  private long sequence;

  /// When the next subscription count may be sent, 0 if none ever was; guarded by the hold.
  private long countDueNs;

  /// True if the number changed since it was last sent. Written inside the hold.
  volatile boolean countIsOwed;

  /// True once a miss of the present empty period was reported; guarded by the hold.
  boolean missReported;

  Channel(App app, ChannelName name, int lanes) {
    this.app = app;
    this.name = name;
    this.audiences = new Audience[lanes];
    this.perLane = new AtomicIntegerArray(lanes);
    this.roster = name.hasMembers() ? new Roster() : null;
  }

  /// The app as it was when the channel came to be; [Channels] knows the present one.
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

  /// Distinct users of a presence channel on this node, 0 of any other; any thread.
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

  /// Distinct users, oldest first; inside the hold only.
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
    return countIsOwed && (countDueNs == 0 || nowNs - countDueNs >= 0);
  }

  void countSent(long nextDueNs) {
    countIsOwed = false;
    countDueNs = nextDueNs;
  }

  /// A glance without the hold: true if a sweep may find something to do.
  boolean needsSweep(long nowNs) {
    CachedEvent event = cached;
    return countIsOwed || (event != null && event.isExpired(nowNs));
  }

  /// True if nothing speaks for keeping this channel in the registry.
  boolean isIdle(long nowNs) {
    return subscribers == 0 && cached(nowNs) == null;
  }
}
