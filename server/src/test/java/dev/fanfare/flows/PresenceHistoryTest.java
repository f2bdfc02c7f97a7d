package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.flows.PresenceHistory.Seen;
import dev.fanfare.flows.PresenceHistory.Stay;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Users join and leave with several connections to three nodes, and a client of each node observes
/// them; in the end one node is cut off.
@Tag("one-node")
final class PresenceHistoryTest {

  private static final int NODES = 3;
  private static final int STAYS = 8;
  private static final long STALE_NS = TimeUnit.SECONDS.toNanos(10);

  /// The lease, which is longer if the processes are late, as on a busy machine.
  private static final long LOST_NS = TimeUnit.SECONDS.toNanos(45);

  @Test
  void whatClientsLearnIsExplained() throws Exception {
    try (TestCluster cluster = TestCluster.start(NODES, TestNode.APP);
        PresenceVisits visits = new PresenceVisits(NODES, node -> cluster.node(node).port())) {
      visits.observe(0);
      visits.observe(1);
      visits.visit(STAYS, true);
      long cutNs = System.nanoTime();
      cluster.cut(NODES - 1);
      visits.lost(cutNs, cutNs + LOST_NS);
      visits.check(STALE_NS, LOST_NS);
    }
  }

  private static final long S = TimeUnit.SECONDS.toNanos(1);

  private static Stay stay(int joined, int left) {
    return new Stay(joined * S, joined * S + 1, left * S, left * S + 1);
  }

  /// In seconds: absent at 0, then alternately present and absent.
  private static List<Seen> seen(double... notices) {
    List<Seen> seen = new ArrayList<>(List.of(new Seen(0, false)));
    for (double notice : notices) {
      seen.add(new Seen((long) (notice * S), !seen.getLast().isPresent()));
    }
    return seen;
  }

  @Test
  void rightHistoriesAreExplained() {
    PresenceHistory once = new PresenceHistory(List.of(stay(10, 20)));
    assertThat(once.problem(seen(10.5, 20.5), 100 * S, S)).isNull();
    PresenceHistory twoTabs = new PresenceHistory(List.of(stay(10, 20), stay(15, 30)));
    assertThat(twoTabs.problem(seen(10.5, 30.5), 100 * S, S)).isNull();
    PresenceHistory moved = new PresenceHistory(List.of(stay(10, 20), stay(20, 30)));
    assertThat(moved.problem(seen(10.5, 30.5), 100 * S, S)).as("the join first").isNull();
    assertThat(moved.problem(seen(10.5, 20.1, 20.4, 30.5), 100 * S, S))
        .as("the leave first")
        .isNull();
    Stay left = new Stay(10 * S, 11 * S, 20 * S, 40 * S);
    Stay unknown = new Stay(10 * S, 11 * S, 30 * S, 31 * S);
    assertThat(
            new PresenceHistory(List.of(left, unknown))
                .problem(seen(15, 25, 28, 33), 100 * S, 50 * S))
        .as("one stay has ended before the client learned of the other one")
        .isNull();
    PresenceHistory brief = new PresenceHistory(List.of(stay(10, 11), stay(12, 13)));
    assertThat(brief.problem(seen(), 100 * S, 5 * S)).as("too short to be announced").isNull();
  }

  @Test
  void wrongHistoriesAreNot() {
    PresenceHistory once = new PresenceHistory(List.of(stay(10, 20)));
    assertThat(once.problem(seen(), 100 * S, S)).as("never announced").isNotNull();
    assertThat(once.problem(seen(10.5), 100 * S, S)).as("a ghost").isNotNull();
    assertThat(once.problem(seen(12, 20.5), 100 * S, S)).as("announced late").isNotNull();
    assertThat(once.problem(seen(10.5, 23), 100 * S, S)).as("removed late").isNotNull();
    assertThat(once.problem(seen(9, 20.5), 100 * S, S)).as("before it has joined").isNotNull();
    assertThat(once.problem(seen(10.5, 15, 15.5, 20.5), 100 * S, S)).as("flaps").isNotNull();
    assertThat(once.problem(seen(10.5, 20.5, 20.6, 20.7), 100 * S, S))
        .as("comes back although its only stay is over")
        .isNotNull();
    List<Seen> twice = List.of(new Seen(0, false), new Seen(11 * S, true), new Seen(12 * S, true));
    assertThat(once.problem(twice, 100 * S, 90 * S)).as("added twice").isNotNull();
    PresenceHistory twoTabs = new PresenceHistory(List.of(stay(10, 20), stay(15, 30)));
    assertThat(twoTabs.problem(seen(10.5, 20.5), 100 * S, S)).as("one tab remains").isNotNull();
  }
}
