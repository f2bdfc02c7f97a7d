package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What subscribers of a node have missed that was away for longer than events are kept for it is
/// counted on both sides, whether the others still knew it or had forgotten it.
final class MeshAbsenceTest {

  private static final int SECOND = 1_000;
  private static final int OUTAGE_SECONDS = 10;
  private static final MeshOptions OPTIONS =
      Lab.OPTIONS.withOutageNs(TimeUnit.SECONDS.toNanos(OUTAGE_SECONDS));

  private final Lab lab = new Lab();
  private final Lab.Station a = lab.station(10, OPTIONS);
  private final Lab.Station b = lab.station(20, OPTIONS);
  private int published;

  private void publish(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      a.event("c", String.valueOf(published++));
      lab.run(SECOND / 10);
    }
  }

  private void end(boolean isWhole) {
    lab.loss = (_, _) -> false;
    b.isStopped = false;
    lab.run(5 * SECOND);
    assertThat(b.events().stream().map(Integer::valueOf).toList())
        .as("in order, once")
        .isSorted()
        .doesNotHaveDuplicates();
    long missing = (long) published - b.events().size();
    if (isWhole) {
      assertThat(missing).isZero();
    } else {
      assertThat(missing).isPositive();
    }
    assertThat(a.state().totals().lost().values().stream().mapToLong(Long::longValue).sum())
        .as("the publisher's side")
        .isEqualTo(missing);
    assertThat(b.state().totals().eventsMissed()).as("the subscriber's side").isEqualTo(missing);
    assertThat(a.state().totals().eventsMissed()).isZero();
    a.event("c", "last");
    lab.run(SECOND);
    assertThat(b.events()).last().isEqualTo("last");
  }

  private void cutEngine() {
    lab.loss = (_, _) -> true;
  }

  private void cutLine() {
    lab.loss = (from, to) -> from != to;
  }

  /// Shorter than events are kept, longer, and so long that the nodes forget each other.
  @ParameterizedTest
  @ValueSource(ints = {5, 15, 40})
  void aSubscriberOfAnOutageOfTheEngine(int seconds) {
    lab.run(2 * SECOND);
    cutEngine();
    lab.run(SECOND);
    b.subscribe("c");
    lab.run(SECOND);
    publish(seconds);
    end(seconds < OUTAGE_SECONDS);
  }

  /// What waits for it is kept as long as it is not forgotten.
  @ParameterizedTest
  @ValueSource(ints = {5, 15, 40})
  void aSubscriberFromBeforeAnOutageOfTheEngine(int seconds) {
    b.subscribe("c");
    lab.run(2 * SECOND);
    cutEngine();
    publish(seconds);
    end(seconds < 2 * OUTAGE_SECONDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 15, 40})
  void aSubscriberBehindACutLine(int seconds) {
    b.subscribe("c");
    lab.run(2 * SECOND);
    cutLine();
    publish(seconds);
    end(seconds < 2 * OUTAGE_SECONDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 40})
  void aSubscriberOfANodeThatStoodStill(int seconds) {
    b.subscribe("c");
    lab.run(2 * SECOND);
    b.isStopped = true;
    publish(seconds);
    end(seconds < OUTAGE_SECONDS);
  }

  @Test
  void secondAbsencesAreCountedOnTheirOwn() {
    b.subscribe("c");
    lab.run(2 * SECOND);
    for (int i = 0; i < 2; i++) {
      cutEngine();
      publish(40);
      lab.loss = (_, _) -> false;
      lab.run(5 * SECOND);
      publish(1);
    }
    end(false);
  }

  /// It has no subscribers any more.
  @Test
  void nothingIsCountedForANodeThatStartsAgain() {
    b.subscribe("c");
    lab.run(2 * SECOND);
    lab.kill(b);
    publish(40);
    long counted = a.state().totals().lost().getOrDefault(MeshListener.Loss.OUTAGE, 0L);
    Lab.Station again = lab.station(30, OPTIONS);
    lab.run(2 * SECOND);
    again.subscribe("c");
    lab.run(5 * SECOND);
    assertThat(a.state().totals().lost().getOrDefault(MeshListener.Loss.OUTAGE, 0L))
        .isEqualTo(counted);
    assertThat(again.state().totals().eventsMissed()).isZero();
  }

  @Test
  void noMoreAbsentNodesAreAwaitedThanTheBound() {
    List<Integer> freed = new ArrayList<>();
    Members members = new Members(freed::add);
    for (int i = 0; i < 2 * Members.MAX_ABSENCES; i++) {
      PeerNode peer = members.add(i + 1, i, i);
      assertThat(peer).isNotNull();
      members.forget(peer, i);
    }
    assertThat(freed).hasSize(Members.MAX_ABSENCES);
    assertThat(members.awaitedSinceNs(Long.MAX_VALUE)).isEqualTo(Members.MAX_ABSENCES);
    members.expire(3L * Members.MAX_ABSENCES + Members.MAX_ABSENCE_NS);
    assertThat(freed).hasSize(2 * Members.MAX_ABSENCES);
    assertThat(members.awaitedSinceNs(7)).isEqualTo(7);
  }
}
