package dev.fanfare.presence;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The members of one presence channel on one node: distinct users, each with the number of its
/// connections. The owner synchronizes; any thread may ask for the [#size].
public final class Roster {

  /// A user keeps the `user_info` of its first connection, which others have already received.
  private static final class Entry {
    final Member member;
    int connections = 1;

    /// Wraps around after 49 days, which is harmless: only recent times matter.
    final int joinedAtMs;

    Entry(Member member, int joinedAtMs) {
      this.member = member;
      this.joinedAtMs = joinedAtMs;
    }
  }

  /// A user whose last connection has left.
  ///
  /// @param joinedAtNs when its first one joined, to the millisecond, if that was within the last
  ///   second; else any time before
  public record Departure(Member member, long joinedAtNs) {}

  private static final int AGES_MS = 1_000;

  private final Map<String, Entry> byUser = new LinkedHashMap<>();
  private volatile int size;

  /// Adds one connection of `member`; true if it is the user's first.
  public boolean join(Member member, long nowNs) {
    Entry entry = byUser.get(member.userId());
    if (entry != null) {
      entry.connections++;
      return false;
    }
    byUser.put(member.userId(), new Entry(member, millis(nowNs)));
    size = byUser.size();
    return true;
  }

  /// Removes one connection of the user. Returns the member if it was the last, else null.
  public @Nullable Departure leave(String userId, long nowNs) {
    Entry entry = byUser.get(userId);
    if (entry == null || --entry.connections > 0) {
      return null;
    }
    byUser.remove(userId);
    size = byUser.size();
    return new Departure(entry.member, joinedAtNs(entry, nowNs));
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

  /// Distinct users; any thread.
  public int size() {
    return size;
  }

  /// A copy, oldest member first.
  public List<Member> members() {
    List<Member> members = new ArrayList<>(byUser.size());
    byUser.values().forEach(entry -> members.add(entry.member));
    return members;
  }
}
