package dev.fanfare.presence;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the subscribers of one presence channel know about the users that joined or left it within
/// the last second. Everyone else is known as the [Roster] has it.
///
/// A user may be announced four times at once and four times a second in the long run. What exceeds
/// that waits, and only its net result is announced. Users are queued by the time of their next
/// visit, so a sweep costs nothing for those whose time has not come. Not thread-safe; the owner
/// synchronizes.
public final class Announcements {

  /// Announcements of one user per second, and at once.
  public static final int PER_SECOND = 4;

  private static final long SECOND_NS = 1_000_000_000;

  /// The time that one announcement costs; after it, another one is due.
  private static final long STEP_NS = SECOND_NS / PER_SECOND;

  /// Is notified of the net result for one user.
  @FunctionalInterface
  public interface Notice {

    /// Announces a change, of which subscribers have not been notified.
    ///
    /// @param before the member that left, null if there was none
    /// @param now the member that joined, null if there is none
    void announce(String userId, @Nullable Member before, @Nullable Member now);
  }

  /// One user: the member that subscribers know, null for none, and when its budget is full again.
  private static final class Known {
    private final String userId;
    private final long number;
    private @Nullable Member member;
    private long fullAtNs;

    /// Its place in the queue; changed only while it is not queued.
    private long visitAtNs;

    /// @param number differs from that of every other user
    Known(Member member, long number, long fullAtNs) {
      this.userId = member.userId();
      this.number = number;
      this.member = member;
      this.fullAtNs = fullAtNs;
    }

    /// From then on a change of the user need not wait.
    long mayBeAnnouncedAtNs() {
      return fullAtNs - (SECOND_NS - STEP_NS);
    }

    boolean isPending(Roster roster) {
      return !Objects.equals(member, roster.member(userId));
    }

    static int compare(Known one, Known other) {
      long inNs = one.visitAtNs - other.visitAtNs;
      return Long.signum(inNs == 0 ? one.number - other.number : inNs);
    }
  }

  private final Map<String, Known> recent = new HashMap<>();

  /// All of `recent`, the next visit first.
  private final NavigableSet<Known> visits = new TreeSet<>(Known::compare);

  private long lastNumber;

  /// False if all subscribers know what the roster has, and no user's budget is used.
  public boolean isEmpty() {
    return recent.isEmpty();
  }

  /// True if the user changed within the last second.
  public boolean isRecent(String userId) {
    return recent.containsKey(userId);
  }

  /// A user has left: it is announced, or waits for that.
  ///
  /// @param joinedAtNs when it was announced as joined, or any time more than a second ago
  public void left(Member member, long joinedAtNs, Roster roster, long nowNs, Notice notice) {
    Known known = recent.get(member.userId());
    if (known == null) {
      known = new Known(member, ++lastNumber, joinedAtNs + STEP_NS);
      recent.put(known.userId, known);
    }
    changed(known, roster, nowNs, notice);
  }

  /// A user has joined. If it changed recently, it is announced, or waits for that.
  public void joined(String userId, Roster roster, long nowNs, Notice notice) {
    Known known = recent.get(userId);
    if (known != null) {
      changed(known, roster, nowNs, notice);
    }
  }

  private void changed(Known known, Roster roster, long nowNs, Notice notice) {
    if (known.mayBeAnnouncedAtNs() - nowNs <= 0) {
      settle(known, roster, nowNs, notice);
    } else {
      visitLater(known, roster);
    }
  }

  /// Visits the users whose time has come: announces what has waited for it, and forgets those
  /// whose budget is full again and who are known as they are.
  ///
  /// @return how many users were visited
  public int sweep(Roster roster, long nowNs, Notice notice) {
    int count = 0;
    while (!visits.isEmpty() && visits.first().visitAtNs - nowNs <= 0) {
      count++;
      Known known = visits.removeFirst();
      if (known.fullAtNs - nowNs <= 0 && !known.isPending(roster)) {
        recent.remove(known.userId);
      } else {
        changed(known, roster, nowNs, notice);
      }
    }
    return count;
  }

  /// A change that waits is visited when it need not wait any more, and others when the budget is
  /// full.
  private void visitLater(Known known, Roster roster) {
    visits.remove(known);
    known.visitAtNs = known.isPending(roster) ? known.mayBeAnnouncedAtNs() : known.fullAtNs;
    visits.add(known);
  }

  /// When [#sweep] has something to do; [Long#MAX_VALUE] for never.
  public long dueNs() {
    return visits.isEmpty() ? Long.MAX_VALUE : visits.first().visitAtNs;
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

  /// Announces a user without delay, if there is something to announce.
  public void settle(String userId, Roster roster, long nowNs, Notice notice) {
    Known known = recent.get(userId);
    if (known != null) {
      settle(known, roster, nowNs, notice);
    }
  }

  private void settle(Known known, Roster roster, long nowNs, Notice notice) {
    Member before = known.member;
    Member now = roster.member(known.userId);
    boolean isNews = !Objects.equals(before, now);
    if (isNews) {
      known.member = now;
      known.fullAtNs = (known.fullAtNs - nowNs > 0 ? known.fullAtNs : nowNs) + STEP_NS;
    }
    visitLater(known, roster);
    if (isNews) {
      notice.announce(known.userId, before, now);
    }
  }
}
