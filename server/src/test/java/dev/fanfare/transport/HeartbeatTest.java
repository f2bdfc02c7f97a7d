package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {

  private final ManualClock machine = new ManualClock();
  private final Heartbeat heartbeat = new Heartbeat(new ManualClock(), new LaneTally(), machine);
  private final List<String> seen = new ArrayList<>();

  /// A member that runs an action when it is checked.
  private final class Member implements Swept {
    private final String name;
    private final Runnable action;
    private int sweepIndex;

    Member(String name, Runnable action) {
      this.name = name;
      this.action = action;
      heartbeat.add(this);
    }

    @Override
    public void onSweep(long nowNs) {
      seen.add(name);
      action.run();
    }

    @Override
    public int sweepIndex() {
      return sweepIndex;
    }

    @Override
    public void setSweepIndex(int index) {
      sweepIndex = index;
    }
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
      assertThat(seen).containsExactly("after", "broken", "before", "after", "broken", "before");
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
}
