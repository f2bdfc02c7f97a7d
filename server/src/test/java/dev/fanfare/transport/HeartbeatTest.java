package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int CROWD = 10_000;

  private final ManualClock clock = new ManualClock();
  private final ManualClock machine = new ManualClock();
  private final InlineLoop afterReads = new InlineLoop();
  private final LaneTally tally = new LaneTally();
  private final Heartbeat heartbeat = new Heartbeat(clock, tally, afterReads, machine);
  private final List<String> seen = new ArrayList<>();

  /// A member that runs an action when it is checked.
  private final class Member extends Swept {
    private final String name;
    private final Runnable action;

    /// When it has something to do; it is checked with every sweep without.
    private long dueNs;

    private int checks;

    Member(String name, Runnable action) {
      this.name = name;
      this.action = action;
      heartbeat.add(this);
    }

    @Override
    public long onDue(long nowNs) {
      seen.add(name);
      checks++;
      action.run();
      return dueNs == 0 ? 0 : dueNs - nowNs;
    }
  }

  private Member dueIn(Duration time) {
    Member member = new Member("at " + time, () -> {});
    member.dueNs = clock.nanoTime() + time.toNanos();
    return member;
  }

  /// The process runs for a second.
  private void pass(Duration time) {
    clock.advance(time);
    machine.advance(time);
    heartbeat.onSweep();
    afterReads.runAll();
  }

  @Test
  void allAreCheckedOnceEvenIfSomeLeaveMeanwhile() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int self = i;
      members.add(new Member("m" + i, () -> heartbeat.remove(members.get(self))));
    }
    heartbeat.onSweep();
    assertThat(seen).containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4");
    seen.clear();
    heartbeat.onSweep();
    assertThat(seen).isEmpty();
  }

  /// One failing connection must not leave a whole lane without probes.
  @Test
  void aFailingMemberIsReportedAndTheOthersAreStillChecked() {
    new Member("before", () -> {});
    new Member(
        "broken",
        () -> {
          throw new IllegalStateException("broken on purpose");
        });
    new Member("after", () -> {});
    try (ErrorLog errors = ErrorLog.open()) {
      heartbeat.onSweep();
      heartbeat.onSweep();
      assertThat(seen).containsExactly("before", "broken", "after", "before", "broken", "after");
      assertThat(errors.lines()).hasSize(2);
    }
  }

  /// Whether input waits is unknown until the loop has read it.
  @Test
  void aLateSweepChecksNoConnection() {
    new Member("member", () -> {});
    machine.advance(Duration.ofSeconds(1));
    heartbeat.onSweep();
    assertThat(seen).containsExactly("member");
    machine.advance(Duration.ofSeconds(8));
    heartbeat.onSweep();
    assertThat(seen).hasSize(1);
    machine.advance(Duration.ofSeconds(1));
    heartbeat.onSweep();
    assertThat(seen).hasSize(2);
  }

  @Test
  void onlyThoseWhoseTimeHasComeAreChecked() {
    Member soon = dueIn(Duration.ofSeconds(5));
    List<Member> others = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      others.add(dueIn(Duration.ofSeconds(600 + i % 300)));
    }
    pass(SECOND); // each says when it is due
    seen.clear();
    for (int second = 2; second < 5; second++) {
      pass(SECOND);
    }
    assertThat(seen).isEmpty();
    pass(SECOND);
    assertThat(soon.checks).isEqualTo(2);
    assertThat(others).allMatch(member -> member.checks == 1);
    assertThat(tally.sockets()).isEqualTo(CROWD + 1);
  }

  @Test
  void aDeadlineIsMetByTheFirstSweepAfterIt() {
    for (int ms : List.of(1, 100, 249, 250, 251, 999, 1_000, 1_001, 7_777, 60_000)) {
      Member member = dueIn(Duration.ofMillis(ms));
      long sweeps = 0;
      while (clock.nanoTime() - member.dueNs < 0) {
        sweeps++;
        pass(SECOND);
      }
      assertThat(seen.getLast()).as("after %d sweeps", sweeps).isEqualTo(member.name);
      assertThat(member.checks).isLessThanOrEqualTo(3);
      heartbeat.remove(member);
    }
  }

  @Test
  void aDeadlineBeyondTheWheelIsMetToo() {
    Member member = dueIn(Duration.ofHours(3));
    pass(SECOND);
    for (int minute = 0; minute < 179; minute++) {
      pass(Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(59));
    }
    assertThat(member.checks).isBetween(2, 20);
    member.checks = 0;
    clock.advance(Duration.ofHours(1));
    pass(SECOND);
    assertThat(member.checks).isEqualTo(1);
  }

  @Test
  void oneThatIsToBeCheckedSoonIsNotCheckedLater() {
    Member member = dueIn(Duration.ofHours(3));
    pass(SECOND);
    pass(SECOND);
    assertThat(member.checks).isEqualTo(1);
    heartbeat.checkSoon(member);
    heartbeat.checkSoon(member);
    pass(SECOND);
    assertThat(member.checks).isEqualTo(2);
    heartbeat.remove(member);
    heartbeat.remove(member);
    heartbeat.checkSoon(member);
    pass(SECOND);
    assertThat(member.checks).isEqualTo(2);
    assertThat(tally.sockets()).isZero();
  }

  /// However many are due together, the loop reads after each slice.
  @Test
  void aCrowdIsCheckedInSlices() {
    for (int i = 0; i < CROWD; i++) {
      dueIn(Duration.ofHours(1));
    }
    heartbeat.onSweep();
    int slices = 1;
    while (seen.size() < CROWD) {
      assertThat(seen).hasSize(slices * Heartbeat.SLICE);
      heartbeat.onSweep(); // the next sweep does not hurry it
      assertThat(seen).hasSize(slices * Heartbeat.SLICE);
      assertThat(afterReads.runOne()).isTrue();
      slices++;
    }
    assertThat(afterReads.runOne()).isFalse();
  }

  /// Those left when the process stops are checked after its input was read.
  @Test
  void aLateSliceChecksNoConnection() {
    for (int i = 0; i < 2 * Heartbeat.SLICE; i++) {
      dueIn(Duration.ofHours(1));
    }
    heartbeat.onSweep();
    machine.advance(Duration.ofSeconds(8));
    afterReads.runAll();
    heartbeat.onSweep();
    afterReads.runAll();
    assertThat(seen).hasSize(Heartbeat.SLICE);
    pass(SECOND);
    assertThat(seen).hasSize(2 * Heartbeat.SLICE);
  }
}
