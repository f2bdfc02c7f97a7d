package dev.fanfare.cluster.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A client with one subscription: remembers what it is sent, and what must not be sent to it is a
/// violation.
final class SimClient {

  /// A notice that a member has left.
  record Removal(String user, long atMs) {}

  private final World world;
  private final int number;
  final String user;
  final String channel;
  final SimNode node;

  /// World time.
  final long sinceMs;

  /// The node's time.
  final long sinceNs;

  long untilMs = Long.MAX_VALUE;

  /// Of the channel at the node, when it was subscribed.
  long sequence;

  /// What the cache channel had for it; 0 for nothing.
  private long cached;

  private final Set<String> view = new TreeSet<>();
  private final List<Long> events = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private final List<Removal> removals = new ArrayList<>();

  SimClient(World world, int number, String user, String channel, SimNode node) {
    this.world = world;
    this.number = number;
    this.user = user;
    this.channel = channel;
    this.node = node;
    this.sinceMs = world.nowMs();
    this.sinceNs = node.nowNs();
  }

  void onSnapshot(Set<String> members) {
    view.addAll(members);
    if (!members.contains(user)) {
      world.violate("a member list without the member itself: " + this);
    }
  }

  void onAdded(String member) {
    world.trace(this + " + " + member);
    if (!view.add(member)) {
      world.violate("member_added twice: " + member + " at " + this);
    }
  }

  void onRemoved(String member) {
    world.trace(this + " - " + member);
    removals.add(new Removal(member, world.nowMs()));
    if (!view.remove(member)) {
      world.violate("member_removed of an unknown member: " + member + " at " + this);
    }
  }

  void onCached(long event) {
    world.trace(this + " is given " + event);
    cached = event;
  }

  void onEvent(long event) {
    if (!seen.add(event) || event == cached) {
      world.violate("event " + event + " twice at " + this);
    }
    events.add(event);
  }

  int number() {
    return number;
  }

  boolean isThere() {
    return untilMs == Long.MAX_VALUE;
  }

  Set<String> view() {
    return view;
  }

  /// In the order of arrival, with the cached one.
  List<Long> events() {
    List<Long> all = new ArrayList<>(events);
    if (cached != 0) {
      all.addFirst(cached);
    }
    return all;
  }

  boolean hasSeen(long event) {
    return seen.contains(event);
  }

  List<Removal> removals() {
    return removals;
  }

  @Override
  public String toString() {
    return user + "#" + number + "@" + node.slot() + "/" + channel;
  }
}
