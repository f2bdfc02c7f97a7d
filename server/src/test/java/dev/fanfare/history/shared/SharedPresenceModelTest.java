package dev.fanfare.history.shared;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.MemoryStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Seeded random users who join and leave at three nodes, while calls fail before or after they
/// were done, nodes are killed, stand still or are taken for lost, and the engine goes away. Each
/// user's rows in the log alternate between joined and left, once all is calm the last one is the
/// truth, and `node_lost` is only said of users of nodes that others did not hear.
final class SharedPresenceModelTest {

  private static final int SEEDS = 150;
  private static final int STEPS = 250;
  private static final int NODES = 3;
  private static final int USERS = 4;
  private static final ChannelKey LOG = new ChannelKey("1", PresenceEvents.log(PresenceNode.ROOM));

  /// What is wrong in a run.
  private enum Defect {
    NONE,

    /// Values are replaced although another node has replaced them meanwhile.
    OVERWRITES,

    /// Rows are not in the value before they are in the log.
    FORGETS_ROWS,

    /// Who finds rows does not look whether the log has them.
    APPENDS_TWICE,

    /// Nodes say that no user is there.
    DENIES,

    /// A node that is gone counts as one that may come back.
    LOSES_NOBODY,

    /// A node that hears no other takes all others for lost.
    JUDGES_WITHOUT_HEARING
  }

  /// One run.
  private static final class World implements FlakyStreams.Filter {
    final MemoryStreams.Engine engine = new MemoryStreams.Engine();
    final Streams probe = engine.node();
    final List<PresenceNode> nodes = new ArrayList<>();
    final List<PresenceNode> dead = new ArrayList<>();
    final Set<String> unheard = new TreeSet<>();
    final Random random;
    final Defect defect;
    boolean isAway;
    long lives;
    int failures = 10;

    World(long seed, Defect defect) {
      random = new Random(seed);
      this.defect = defect;
      for (int i = 0; i < NODES; i++) {
        add();
      }
    }

    private void add() {
      PresenceNode added = new PresenceNode(engine, ++lives, this);
      added.isHonest = defect != Defect.DENIES;
      boolean isHeard = nodes.stream().noneMatch(other -> other.alive.isEmpty());
      if (isHeard) {
        added.alive.add(added.life);
        nodes.forEach(other -> {
          added.alive.add(other.life);
          other.alive.add(added.life);
        });
      }
      nodes.add(added);
    }

    @Override
    public @Nullable Object[] arguments(String method, @Nullable Object[] arguments) {
      @Nullable Object[] changed = Arrays.copyOf(arguments, arguments.length);
      switch (isAway ? Defect.NONE : defect) {
        case OVERWRITES -> {
          if (method.equals("replace")) {
            ChannelKey key = (ChannelKey) Objects.requireNonNull(changed[0]);
            changed[1] = probe.value(key).toCompletableFuture().join().version();
          }
        }
        case FORGETS_ROWS -> {
          if (method.equals("replace") && LOG.equals(changed[0])) {
            Attendance attendance = Attendance.decode((byte[]) Objects.requireNonNull(changed[2]));
            attendance.settle();
            changed[2] = attendance.encode();
          }
        }
        case APPENDS_TWICE -> {
          if (method.equals("append")) {
            changed[3] = null;
          } else if (method.equals("range")) {
            changed[2] = EventId.NONE;
          }
        }
        default -> {}
      }
      return changed;
    }

    private PresenceNode any() {
      return nodes.get(random.nextInt(nodes.size()));
    }

    void step() {
      String user = "u" + random.nextInt(USERS);
      switch (random.nextInt(40)) {
        case 0, 1, 2, 3, 4, 5 -> any().enter(user);
        case 6, 7, 8, 9, 10 -> any().leave(user, random.nextBoolean() ? "closed" : "timeout");
        case 11, 12, 13 -> pass(1 + random.nextInt(900));
        case 14 -> outage();
        case 15 -> kill();
        case 16 -> cut();
        case 17 -> stall();
        default -> work();
      }
    }

    /// One call of one node is done.
    private void work() {
      List<PresenceNode> busy = new ArrayList<>(nodes);
      busy.addAll(dead);
      busy.removeIf(node -> !node.flaky.hasCalls());
      if (!busy.isEmpty()) {
        busy.get(random.nextInt(busy.size())).flaky.step(random, failures);
      }
    }

    private void pass(long ms) {
      engine.pass(ms);
      nodes.forEach(PresenceNode::run);
    }

    private void outage() {
      isAway = !isAway;
      if (!isAway) {
        engine.start(false);
        nodes.forEach(node -> node.presence.onAvailable());
        nodes.forEach(node -> node.alive.add(node.life));
        calm(random.nextInt(3_000));
        hear();
        return;
      }
      engine.stop();
      if (random.nextBoolean()) {
        nodes.forEach(this::isolate);
        calm(8_000);
      }
    }

    /// The node hears no node, not even itself.
    private void isolate(PresenceNode node) {
      nodes.stream().filter(other -> !other.equals(node)).forEach(node::lose);
      if (defect != Defect.JUDGES_WITHOUT_HEARING) {
        node.alive.clear();
      }
    }

    /// All nodes hear each other.
    private void hear() {
      Set<Long> all = nodes.stream().map(node -> node.life).collect(toSet());
      nodes.forEach(node -> node.alive.addAll(all));
    }

    private void kill() {
      PresenceNode killed = any();
      nodes.remove(killed);
      dead.add(killed);
      killed.flaky.kill();
      unheard.addAll(killed.visitors);
      if (defect != Defect.LOSES_NOBODY) {
        nodes.forEach(node -> node.lose(killed));
      }
      add();
    }

    /// Two nodes do not hear each other for a while, which is longer than any lease.
    private void cut() {
      PresenceNode one = any();
      PresenceNode other = any();
      if (one.equals(other) || isAway) {
        return;
      }
      one.lose(other);
      other.lose(one);
      calm(12_000);
      unheard.addAll(one.visitors);
      unheard.addAll(other.visitors);
      hear();
      calm(3_000); // if one of them were killed now, the other would not know what it has done
    }

    /// A process stands still, and goes on as if nothing had happened.
    private void stall() {
      PresenceNode still = any();
      if (isAway) {
        return;
      }
      nodes.remove(still);
      nodes.forEach(node -> node.lose(still));
      calm(12_000);
      unheard.addAll(still.visitors);
      nodes.add(still);
      hear();
      calm(3_000); // who comes to it at once may be taken for lost
    }

    private void calm(long ms) {
      for (long passed = 0; passed < ms; passed += 250) {
        pass(250);
        for (int i = 0; i < 60; i++) {
          work();
        }
      }
    }

    void end() {
      failures = 0;
      if (isAway) {
        outage();
      }
      hear();
      any().enter("last"); // who comes finds what no one has seen
      calm(40_000);
      for (PresenceNode node : nodes) {
        assertThat(node.flaky.hasCalls()).as("something is still to be done").isFalse();
        assertThat(node.presence.waiting()).as("notes that wait").isZero();
      }
      check();
    }

    private void check() {
      Map<String, List<String>> rows = new TreeMap<>();
      Map<String, String> last = new HashMap<>();
      List<Publication> inLog =
          probe
              .range(LOG, EventId.NONE, Streams.END, Integer.MAX_VALUE, true)
              .toCompletableFuture()
              .join()
              .stream()
              .map(entry ->
                  Objects.requireNonNull(
                      EventCodec.read(PresenceNode.ROOM, entry.payload()).event()))
              .toList();
      for (String row : PresenceNode.withUsers(probe, inLog)) {
        String action = row.split(" ", 3)[0];
        String user = row.split(" ", 3)[1];
        rows.computeIfAbsent(user, _ -> new ArrayList<>()).add(row);
        String before = last.put(user, action);
        assertThat(before == null ? PresenceEvents.LEFT : before)
            .as("rows of %s: %s", user, rows.get(user))
            .isNotEqualTo(action);
        if (row.endsWith(" " + Attendance.NODE_LOST)) {
          assertThat(unheard).as("users of nodes that others did not hear").contains(user);
        }
      }
      Set<String> there = nodes.stream().flatMap(node -> node.users.stream()).collect(toSet());
      Set<String> joined =
          last.keySet().stream()
              .filter(user -> PresenceEvents.JOINED.equals(last.get(user)))
              .collect(toSet());
      assertThat(joined).as("rows: %s", rows).isEqualTo(there);
    }
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void eachUserJoinsAndLeavesInTurn(Defect defect) {
    int failed = 0;
    for (int seed = 0; seed < SEEDS && failed == 0; seed++) {
      World world = new World(seed, defect);
      try {
        for (int step = 0; step < STEPS; step++) {
          world.step();
        }
        world.end();
      } catch (AssertionError e) {
        if (defect == Defect.NONE) {
          throw new AssertionError("seed " + seed, e);
        }
        failed++;
      }
    }
    assertThat(failed).as("a defect is noticed").isEqualTo(defect == Defect.NONE ? 0 : 1);
  }
}
