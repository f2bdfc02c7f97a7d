package dev.fanfare.presence;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What the subscribers of one presence channel know about the users that joined or left it within
/// the last second. Everyone else is known as the [Roster] has it.
///
/// A user may be announced four times at once and four times a second in the long run. What exceeds
/// that waits, and only its net result is announced. Not thread-safe; the owner synchronizes.
public final class Announcements {

  /// Announcements of one user per second, and at once.
  public static final int PER_SECOND = 4;

  private static final long SECOND_NS = 1_000_000_000;

  /// The time that one announcement costs; after it, another one is due.
  private static final long STEP_NS = SECOND_NS / PER_SECOND;

  /// One user: the member that subscribers know, null for none, and when its budget is full again.
  private static final class Known {
    @Nullable Member member;
    long fullAtNs;

    boolean mayBeAnnounced(long nowNs) {
      return fullAtNs - nowNs <= SECOND_NS - STEP_NS;
    }
  }

  private final Map<String, Known> recent = new HashMap<>();

  /// False if all subscribers know what the roster has, and no user's budget is used.
  public boolean isEmpty() {
    return recent.isEmpty();
  }

  /// True if the user changed within the last second.
  public boolean isRecent(String userId) {
    return recent.containsKey(userId);
  }

  /// Begins to follow a user who is about to leave, unless it is followed.
  ///
  /// @param joinedAtNs when it was announced as joined, or any time more than a second ago
  public void follow(Member member, long joinedAtNs) {
    if (!recent.containsKey(member.userId())) {
      Known known = new Known();
      known.member = member;
      known.fullAtNs = joinedAtNs + STEP_NS;
      recent.put(member.userId(), known);
    }
  }

  /// True if an announcement of the user, who is recent, need not wait.
  public boolean mayAnnounce(String userId, long nowNs) {
    Known known = recent.get(userId);
    return known != null && known.mayBeAnnounced(nowNs);
  }

  /// Forgets those whose budget is full again and who are known as they are, and returns those of
  /// the others that may be announced.
  public List<String> sweep(Roster roster, long nowNs) {
    List<String> due = new ArrayList<>();
    Iterator<Map.Entry<String, Known>> each = recent.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Known> entry = each.next();
      Known known = entry.getValue();
      boolean isPending = !Objects.equals(known.member, roster.member(entry.getKey()));
      if (isPending && known.mayBeAnnounced(nowNs)) {
        due.add(entry.getKey());
      } else if (!isPending && known.fullAtNs - nowNs <= 0) {
        each.remove();
      }
    }
    return due;
  }

  /// When [#sweep] has something to do again; `nowNs` or later.
  public long dueNs(Roster roster, long nowNs) {
    long inNs = SECOND_NS;
    for (Map.Entry<String, Known> entry : recent.entrySet()) {
      Known known = entry.getValue();
      boolean isPending = !Objects.equals(known.member, roster.member(entry.getKey()));
      long fullInNs = known.fullAtNs - nowNs;
      inNs = Math.min(inNs, isPending ? fullInNs - SECOND_NS + STEP_NS : fullInNs);
    }
    return nowNs + Math.max(0, inNs);
  }

  /// The member list for a new subscriber: what the others know, oldest first, with itself.
  public List<Member> snapshot(Roster roster, String ownUserId) {
    List<Member> members = new ArrayList<>(roster.size() + 1);
    for (Member member : roster.members()) {
      Known known = recent.get(member.userId());
      if (known == null || member.userId().equals(ownUserId)) {
        members.add(member);
      } else if (known.member != null) {
        members.add(known.member);
      }
    }
    recent.forEach((userId, known) -> {
      if (known.member != null && roster.member(userId) == null) {
        members.add(known.member);
      }
    });
    return members;
  }

  /// Records an announcement of a recent user and passes the net result to `announce`, which gets
  /// the member that left and the one that joined, either of which may be null; does nothing if
  /// they are the same.
  public void settle(
      String userId,
      Roster roster,
      long nowNs,
      BiConsumer<@Nullable Member, @Nullable Member> announce) {
    Known known = recent.get(userId);
    Member now = roster.member(userId);
    if (known != null && !Objects.equals(known.member, now)) {
      Member before = known.member;
      known.member = now;
      known.fullAtNs = (known.fullAtNs - nowNs > 0 ? known.fullAtNs : nowNs) + STEP_NS;
      announce.accept(before, now);
    }
  }
}
