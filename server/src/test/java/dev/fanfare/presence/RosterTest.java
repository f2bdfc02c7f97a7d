package dev.fanfare.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Members, counted by user.
final class RosterTest {

  private final Roster roster = new Roster();

  @Test
  void onlyTheFirstConnectionJoinsAndOnlyTheLastLeaves() {
    assertThat(roster.join(new Member("a", "{\"n\":1}"), 0)).isEqualTo(Roster.Arrival.FIRST);
    assertThat(roster.join(new Member("a", "{\"n\":2}"), 0)).isEqualTo(Roster.Arrival.AGAIN);
    assertThat(roster.members()).containsExactly(new Member("a", "{\"n\":1}"));
    assertThat(roster.leave("a", 0)).isNull();
    assertThat(roster.leave("a", 0))
        .isEqualTo(new Roster.Departure(new Member("a", "{\"n\":1}"), 0, true));
    assertThat(roster.size()).isZero();
  }

  @Test
  void anUnknownUserCannotLeave() {
    assertThat(roster.leave("unknown", 0)).isNull();
  }

  @Test
  void randomJoinsAndLeavesAgreeWithAPlainList() {
    Random random = new Random(7);
    List<String> model = new ArrayList<>();
    for (int step = 0; step < 10_000; step++) {
      String user = "u" + random.nextInt(20);
      if (random.nextBoolean()) {
        assertThat(roster.join(new Member(user, "{}"), 0) == Roster.Arrival.FIRST)
            .isEqualTo(!model.contains(user));
        model.add(user);
      } else {
        boolean wasThere = model.remove(user);
        assertThat(roster.leave(user, 0) != null).isEqualTo(wasThere && !model.contains(user));
      }
      assertThat(roster.size()).isEqualTo((int) model.stream().distinct().count());
    }
  }

  @Test
  void aUserMayBeConnectedToAnyNode() {
    Member member = new Member("u", "{}");
    int[] nodes = {0, 63, 64, 255};
    for (int node : nodes) {
      assertThat(roster.join(node, member, 0)).isEqualTo(node == 0);
    }
    for (int node : nodes) {
      Roster.Departure left = roster.leave(node, "u", 0);
      assertThat(left).isNotNull();
      assertThat(left.isGone()).as("node %d", node).isEqualTo(node == 255);
    }
    assertThat(roster.size()).isZero();
  }
}
