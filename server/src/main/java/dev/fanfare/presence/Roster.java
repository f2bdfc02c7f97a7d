package dev.fanfare.presence;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The members of one presence channel on one node: distinct users, each with the number of its
/// connections. Not thread-safe; the owner synchronizes.
public final class Roster {

  /// A user keeps the `user_info` of its first connection, which others have already received.
  private static final class Entry {
    final Member member;
    int connections = 1;

    Entry(Member member) {
      this.member = member;
    }
  }

  private final Map<String, Entry> byUser = new LinkedHashMap<>();

  /// Adds one connection of `member`; true if it is the user's first.
  public boolean join(Member member) {
    Entry entry = byUser.get(member.userId());
    if (entry != null) {
      entry.connections++;
      return false;
    }
    byUser.put(member.userId(), new Entry(member));
    return true;
  }

  /// Removes one connection of the user; true if it was the last.
  public boolean leave(String userId) {
    Entry entry = byUser.get(userId);
    if (entry == null || --entry.connections > 0) {
      return false;
    }
    byUser.remove(userId);
    return true;
  }

  public boolean contains(String userId) {
    return byUser.containsKey(userId);
  }

  /// Distinct users.
  public int size() {
    return byUser.size();
  }

  /// A copy, oldest member first.
  public List<Member> members() {
    List<Member> members = new ArrayList<>(byUser.size());
    byUser.values().forEach(entry -> members.add(entry.member));
    return members;
  }
}
