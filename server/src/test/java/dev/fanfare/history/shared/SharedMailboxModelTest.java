package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.RULE;
import static dev.fanfare.history.shared.SharedNode.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.testing.MemoryStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Seeded random devices that come, read, confirm and go on any of three nodes, while nodes are
/// killed and the engine goes away, compared with a simple model: events are numbered, and each
/// device reads all of them, in order in each session, and in a new session none again that it has
/// confirmed, unless that was not written when the node was killed.
final class SharedMailboxModelTest {

  private static final HistoryRule RULES =
      RULE.withReplay(HistoryRule.Replay.MAILBOX).withKeepEvents(1_000).withReplayEvents(1_000);
  private static final int SEEDS = 100;
  private static final int STEPS = 80;
  private static final int NODES = 3;
  private static final int DEVICES = 3;

  /// What is wrong in a run.
  private enum Defect {
    NONE,

    /// Clients confirm what they have not read yet.
    CONFIRMS_TOO_MUCH,

    /// Nodes write no positions.
    WRITES_NOTHING,

    /// A killed node takes the cursors with it.
    FORGETS
  }

  /// One run.
  private static final class World {
    final MemoryStreams.Engine engine = new MemoryStreams.Engine();
    final List<SharedNode> nodes = new ArrayList<>();
    final List<MailboxClient> clients = new ArrayList<>();
    final Map<String, EventId> ids = new HashMap<>();
    final Map<String, Set<String>> read = new TreeMap<>();

    /// What devices have confirmed that the engine knows, and that it need not know yet.
    final Map<String, EventId> written = new HashMap<>();

    final Map<SharedNode, Map<String, EventId>> unwritten = new HashMap<>();
    final Random random;
    final Defect defect;
    boolean isAway;
    int sockets;
    int sessions;

    World(long seed, Defect defect) {
      random = new Random(seed);
      this.defect = defect;
      for (int i = 0; i < NODES; i++) {
        nodes.add(new SharedNode(engine, RULES).begun());
      }
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> publish();
        case 3, 4, 5 -> come("d" + random.nextInt(DEVICES), random.nextInt(NODES));
        case 6, 7 -> confirm();
        case 8 -> depart();
        case 9 -> write(nodes.get(random.nextInt(NODES)));
        case 10 -> outage();
        default -> kill();
      }
    }

    private void publish() {
      if (isAway) {
        return;
      }
      SharedNode node = nodes.get(random.nextInt(NODES));
      String data = Integer.toString(ids.size() + 1);
      Streams.Appended appended = node.append(event(data)).toCompletableFuture().join();
      ids.put(data, appended.id());
      for (SharedNode each : nodes) {
        each.log.offer(new Arrival(appended.id(), appended.previous(), event(data)));
        each.drain();
      }
      clients.stream().filter(_ -> random.nextBoolean()).forEach(this::read);
    }

    private void read(MailboxClient client) {
      client.read();
      read.computeIfAbsent(device(client.identity), _ -> new HashSet<>()).addAll(client.given);
      assertThat(client.given.stream().map(Integer::valueOf)).isSorted().doesNotHaveDuplicates();
    }

    private static String device(Identity identity) {
      return identity.name().split("~", 2)[0];
    }

    /// A new session of a device, or one that was there before.
    private MailboxClient come(String device, int index) {
      boolean isFresh = sessions == 0 || random.nextBoolean();
      int session = isFresh ? ++sessions : 1 + random.nextInt(sessions);
      Identity identity = new Identity(Identity.Kind.TAG, device + "~" + session);
      SharedNode node = nodes.get(index);
      MailboxClient client = new MailboxClient(node, identity, "1." + ++sockets, ids);
      clients.removeIf(other -> other.identity.equals(identity) && depart(other));
      clients.add(client);
      if (isFresh) {
        EventId known = written.getOrDefault(device, EventId.NONE);
        assertThat(client.given).allSatisfy(data -> assertThat(ids.get(data)).isGreaterThan(known));
      }
      read(client);
      return client;
    }

    private void confirm() {
      if (clients.isEmpty()) {
        return;
      }
      MailboxClient client = clients.get(random.nextInt(clients.size()));
      if (defect == Defect.CONFIRMS_TOO_MUCH && !ids.isEmpty()) {
        client.confirm(Objects.requireNonNull(ids.get(Integer.toString(ids.size()))));
        return;
      }
      client.confirm();
      if (!client.isAstray() && !client.given.isEmpty()) {
        EventId confirmed = Objects.requireNonNull(ids.get(client.given.getLast()));
        unwritten
            .computeIfAbsent(client.node, _ -> new HashMap<>())
            .merge(device(client.identity), confirmed, World::max);
      }
    }

    private static EventId max(EventId one, EventId other) {
      return one.compareTo(other) < 0 ? other : one;
    }

    /// The engine has everything of a node, if it has nothing left to write.
    private void note(SharedNode node) {
      if (node.store.unwritten() == 0) {
        unwritten
            .getOrDefault(node, Map.of())
            .forEach((device, confirmed) -> written.merge(device, confirmed, World::max));
        unwritten.remove(node);
      }
    }

    private void depart() {
      if (!clients.isEmpty()) {
        boolean _ = depart(clients.remove(random.nextInt(clients.size())));
      }
    }

    private boolean depart(MailboxClient client) {
      client.depart();
      note(client.node);
      return true;
    }

    private void write(SharedNode node) {
      if (defect == Defect.WRITES_NOTHING) {
        node.writes.clear();
        node.store.confirmations().forget(node.log.key());
      } else {
        node.write();
      }
      note(node);
    }

    private void outage() {
      if (isAway) {
        engine.start(false);
      } else {
        engine.stop();
      }
      isAway = !isAway;
    }

    /// Without a word: what it has not written is gone.
    private void kill() {
      if (isAway) {
        return;
      }
      int index = random.nextInt(NODES);
      SharedNode killed = nodes.get(index);
      nodes.set(index, new SharedNode(engine, RULES).begun());
      clients.removeIf(client -> client.node.equals(killed));
      unwritten.remove(killed);
      if (defect == Defect.FORGETS) {
        killed.store.streams().forgetReaders(killed.log.key()).toCompletableFuture().join();
      }
    }

    /// The engine is there, and each device comes once more.
    void end() {
      if (isAway) {
        outage();
      }
      while (!clients.isEmpty()) {
        depart();
      }
      nodes.forEach(this::write);
      for (int i = 0; i < DEVICES; i++) {
        MailboxClient last = come("d" + i, 0);
        last.confirm();
        last.depart();
        nodes.forEach(this::write);
        assertThat(read.get("d" + i)).isEqualTo(ids.keySet());
        MailboxClient again =
            new MailboxClient(
                nodes.get(1), new Identity(Identity.Kind.TAG, "d" + i + "~end"), "9." + i, ids);
        assertThat(again.given).as("it has confirmed everything").isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void everyDeviceReadsEveryEvent(Defect defect) {
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
