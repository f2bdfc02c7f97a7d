package dev.fanfare.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AnnouncementsTest {

  private static final int CROWD = 10_000;

  private final Roster roster = new Roster();
  private final Announcements announcements = new Announcements();
  private final List<String> notices = new ArrayList<>();
  private long nowNs;

  private void onNotice(String userId, @Nullable Member before, @Nullable Member now) {
    notices.add(userId + (before == null ? "" : " left") + (now == null ? "" : " joined"));
  }

  private void join(String userId) {
    roster.join(new Member(userId, "{}"), nowNs);
    announcements.joined(userId, roster, nowNs, this::onNotice);
  }

  private void leave(String userId) {
    Roster.Departure gone = Objects.requireNonNull(roster.leave(userId, nowNs));
    announcements.left(gone.member(), gone.joinedAtNs(), roster, nowNs, this::onNotice);
  }

  /// A sweep at that time; returns how many users it visited.
  private int sweepAt(Duration time) {
    nowNs = time.toNanos();
    return announcements.sweep(roster, nowNs, this::onNotice);
  }

  private static Duration ms(long milliseconds) {
    return Duration.ofMillis(10_000 + milliseconds);
  }

  /// However many others changed, a sweep visits those whose time has come.
  @Test
  void onlyUsersWhoseTimeHasComeAreVisited() {
    join("u");
    for (int i = 0; i < CROWD; i++) {
      join("c" + i);
    }
    assertThat(sweepAt(ms(0))).as("those who only joined").isZero();
    leave("u");
    join("u");
    leave("u");
    join("u");
    leave("u");
    assertThat(notices).containsExactly("u left", "u joined", "u left", "u joined");
    notices.clear();
    assertThat(sweepAt(ms(100))).isZero();
    for (int i = 0; i < CROWD; i++) {
      leave("c" + i);
    }
    assertThat(notices).hasSize(CROWD);
    notices.clear();
    assertThat(sweepAt(ms(249))).isZero();
    assertThat(sweepAt(ms(250))).isEqualTo(1);
    assertThat(notices).containsExactly("u left");
    assertThat(sweepAt(ms(349))).isZero();
    assertThat(sweepAt(ms(350))).isEqualTo(CROWD);
    assertThat(sweepAt(ms(1_249))).isZero();
    assertThat(announcements.isEmpty()).isFalse();
    assertThat(announcements.dueNs()).isEqualTo(ms(1_250).toNanos());
    assertThat(sweepAt(ms(1_250))).isEqualTo(1);
    assertThat(announcements.isEmpty()).isTrue();
    assertThat(announcements.dueNs()).isEqualTo(Long.MAX_VALUE);
    assertThat(notices).hasSize(1);
  }

  /// A change that is undone while it waits leaves nothing to announce, and its user is visited
  /// once, when it can be forgotten.
  @Test
  void aChangeThatIsUndoneIsNotAnnounced() {
    join("u");
    assertThat(sweepAt(ms(0))).isZero();
    leave("u");
    join("u");
    leave("u");
    join("u");
    notices.clear();
    leave("u");
    join("u");
    assertThat(sweepAt(ms(999))).isZero();
    assertThat(sweepAt(ms(1_000))).isEqualTo(1);
    assertThat(notices).isEmpty();
    assertThat(announcements.isEmpty()).isTrue();
  }

  /// An event that names a user comes after its announcement, which is counted all the same.
  @Test
  void anAnnouncementThatCannotWaitDelaysTheNextOne() {
    join("u");
    assertThat(sweepAt(ms(0))).isZero();
    for (int i = 0; i < 2; i++) {
      leave("u");
      join("u");
    }
    leave("u");
    notices.clear();
    announcements.settle("u", roster, nowNs, this::onNotice);
    announcements.settle("u", roster, nowNs, this::onNotice);
    assertThat(notices).containsExactly("u left");
    join("u");
    assertThat(sweepAt(ms(499))).isZero();
    assertThat(sweepAt(ms(500))).isEqualTo(1);
    assertThat(notices).containsExactly("u left", "u joined");
  }
}
