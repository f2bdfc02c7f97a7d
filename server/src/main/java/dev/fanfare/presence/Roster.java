package dev.fanfare.presence;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The members of one presence channel: distinct users, each with the number of its connections on
/// this node and with the other nodes that it is connected to. The owner synchronizes; any thread
/// may ask for the sizes.
public final class Roster {

  /// A user keeps the `user_info` of its first connection, which others have already received.
  private static class Entry {
    final Member member;

    /// On this node.
    int connections;

    /// Wraps around after 49 days, which is harmless: only recent times matter.
    final int joinedAtMs;

    Entry(Member member, int connections, int joinedAtMs) {
      this.member = member;
      this.connections = connections;
      this.joinedAtMs = joinedAtMs;
    }

    boolean isOwned() {
      return connections > 0;
    }
  }

  /// A user who is or was connected to other nodes.
  private static final class Shared extends Entry {

    /// The first nodes, a bit for each: there are seldom more.
    private long nodes;

    /// Null unless one of the others has a part in it.
    private @Nullable BitSet more;

    Shared(Member member, int connections, int joinedAtMs) {
      super(member, connections, joinedAtMs);
    }

    void set(int node) {
      if (node < Long.SIZE) {
        nodes |= 1L << node;
      } else {
        if (more == null) {
          more = new BitSet();
        }
        more.set(node);
      }
    }

    void clear(int node) {
      if (node < Long.SIZE) {
        nodes &= ~(1L << node);
      } else if (more != null) {
        more.clear(node);
      }
    }

    @Override
    boolean isOwned() {
      return nodes != 0 || (more != null && !more.isEmpty()) || super.isOwned();
    }
  }

  /// What is needed only if there are other nodes.
  private static final class Others {
    int localSize;

    /// Until when users count as present who are handed over from one node to another, the oldest
    /// first. All wait equally long.
    private @Nullable Map<String, Long> expected;

    boolean expects(String userId) {
      return expected != null && expected.containsKey(userId);
    }

    void expect(String userId, long untilNs) {
      if (expected == null) {
        expected = new LinkedHashMap<>();
      }
      expected.remove(userId);
      expected.put(userId, untilNs);
    }

    void unexpect(String userId) {
      if (expected != null) {
        expected.remove(userId);
      }
    }

    Map.@Nullable Entry<String, Long> nextExpected() {
      return expected == null || expected.isEmpty() ? null : expected.entrySet().iterator().next();
    }
  }

  /// What a connection changed by joining.
  public enum Arrival {
    /// The user was not a member before.
    FIRST,

    /// The user was a member, but had no connection on this node.
    FIRST_HERE,

    /// The user has another connection on this node.
    AGAIN
  }

  /// A user whose last connection on a node has left.
  ///
  /// @param joinedAtNs when its first one joined, to the millisecond, if that was within the last
  ///   second; else any time before
  /// @param isGone false if the user is still a member, by another node
  public record Departure(Member member, long joinedAtNs, boolean isGone) {}

  private static final int AGES_MS = 1_000;

  /// The table of a map with room for two; it grows.
  private static final int FEW_USERS = 4;

  private final Map<String, Entry> byUser = new LinkedHashMap<>(FEW_USERS);
  private volatile int size;

  /// Null until another node has a part in it.
  private volatile @Nullable Others others;

  /// Adds one connection of `member` on this node.
  public Arrival join(Member member, long nowNs) {
    Entry entry = byUser.get(member.userId());
    if (entry == null) {
      byUser.put(member.userId(), new Entry(member, 1, millis(nowNs)));
      size = byUser.size();
      addLocal(1);
      return Arrival.FIRST;
    }
    unexpect(member.userId());
    entry.connections++;
    if (entry.connections > 1) {
      return Arrival.AGAIN;
    }
    addLocal(1);
    return Arrival.FIRST_HERE;
  }

  /// Removes one connection of the user on this node. Returns the member if it was the last there,
  /// else null.
  public @Nullable Departure leave(String userId, long nowNs) {
    Entry entry = byUser.get(userId);
    if (entry == null || entry.connections == 0) {
      return null;
    }
    entry.connections--;
    if (entry.connections > 0) {
      return null;
    }
    addLocal(-1);
    return new Departure(entry.member, joinedAtNs(entry, nowNs), removeUnlessPresent(entry));
  }

  /// The user has a first connection on another node.
  ///
  /// @return true if the user was not a member before
  public boolean join(int node, Member member, long nowNs) {
    othersOrNew();
    Entry entry = byUser.get(member.userId());
    Shared shared =
        switch (entry) {
          case null -> new Shared(member, 0, millis(nowNs));
          case Shared present -> present;
          default -> new Shared(entry.member, entry.connections, entry.joinedAtMs);
        };
    shared.set(node);
    byUser.put(member.userId(), shared); // keeps its place
    size = byUser.size();
    unexpect(member.userId());
    return entry == null;
  }

  /// The user's last connection on another node has left. Returns the member if it was connected
  /// there, else null.
  public @Nullable Departure leave(int node, String userId, long nowNs) {
    if (byUser.get(userId) instanceof Shared entry) {
      entry.clear(node);
      return new Departure(entry.member, joinedAtNs(entry, nowNs), removeUnlessPresent(entry));
    }
    return null;
  }

  /// Counts a member as present until then, or until its next join, wherever it is connected.
  ///
  /// @param untilNs not before that of an earlier call
  public void expect(String userId, long untilNs) {
    if (byUser.containsKey(userId)) {
      othersOrNew().expect(userId, untilNs);
    }
  }

  /// Removes users who were expected until now and have no connection.
  public List<Departure> expire(long nowNs) {
    Others shared = others;
    Map.Entry<String, Long> next = shared == null ? null : shared.nextExpected();
    if (shared == null || next == null) {
      return List.of();
    }
    List<Departure> gone = new ArrayList<>();
    while (next != null && next.getValue() - nowNs <= 0) {
      String userId = next.getKey();
      shared.unexpect(userId);
      next = shared.nextExpected();
      Entry entry = byUser.get(userId);
      if (entry != null && removeUnlessPresent(entry)) {
        gone.add(new Departure(entry.member, joinedAtNs(entry, nowNs), true));
      }
    }
    return gone;
  }

  /// Nanoseconds until [#expire] has something to do; [Long#MAX_VALUE] for never.
  public long expiryNs(long nowNs) {
    Others shared = others;
    Map.Entry<String, Long> next = shared == null ? null : shared.nextExpected();
    return next == null ? Long.MAX_VALUE : next.getValue() - nowNs;
  }

  /// @return true if the user was removed
  private boolean removeUnlessPresent(Entry entry) {
    String userId = entry.member.userId();
    Others shared = others;
    if (entry.isOwned() || (shared != null && shared.expects(userId))) {
      return false;
    }
    byUser.remove(userId);
    size = byUser.size();
    return true;
  }

  private void unexpect(String userId) {
    Others shared = others;
    if (shared != null) {
      shared.unexpect(userId);
    }
  }

  private void addLocal(int users) {
    Others shared = others;
    if (shared != null) {
      shared.localSize += users;
      others = shared; // for those who read it on another thread
    }
  }

  private Others othersOrNew() {
    Others shared = others;
    if (shared == null) {
      shared = new Others();
      shared.localSize = size;
      others = shared;
    }
    return shared;
  }

  public boolean contains(String userId) {
    return byUser.containsKey(userId);
  }

  /// The member with that user id; null if there is none.
  public @Nullable Member member(String userId) {
    Entry entry = byUser.get(userId);
    return entry == null ? null : entry.member;
  }

  private static long joinedAtNs(Entry entry, long nowNs) {
    int agoMs = millis(nowNs) - entry.joinedAtMs;
    return nowNs - TimeUnit.MILLISECONDS.toNanos(agoMs < 0 || agoMs > AGES_MS ? AGES_MS : agoMs);
  }

  private static int millis(long ns) {
    return (int) TimeUnit.NANOSECONDS.toMillis(ns);
  }

  /// Distinct users on all nodes; any thread.
  public int size() {
    return size;
  }

  /// Distinct users with a connection on this node; any thread.
  public int localSize() {
    Others shared = others;
    return shared == null ? size : shared.localSize;
  }

  /// A copy, oldest member first.
  public List<Member> members() {
    List<Member> members = new ArrayList<>(byUser.size());
    byUser.values().forEach(entry -> members.add(entry.member));
    return members;
  }

  /// The users with a connection on this node, oldest first.
  public List<Member> localMembers() {
    return byUser.values().stream()
        .filter(entry -> entry.connections > 0)
        .map(entry -> entry.member)
        .toList();
  }
}
