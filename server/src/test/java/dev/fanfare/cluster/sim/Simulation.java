package dev.fanfare.cluster.sim;

import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One run: nodes, clients that come, go, publish and move, and what fails.
final class Simulation {

  /// An accepted event.
  ///
  /// @param sender the client that has sent it and does not get it; null for a server
  record Published(
      long event, String channel, SimNode node, long atMs, @Nullable SimClient sender) {}

  /// A command to close the connections of a user.
  record Termination(String user, SimNode node, long atMs) {}

  /// A client that left with a hand-over and came back.
  record Move(String user, String channel, long leftMs, long backMs) {}

  private static final int MAX_NODES = 7;
  private static final int MAX_CLIENTS = 40;
  private static final long START_MS = 3_000;
  private static final long HEALING_MS = 30_000;
  private static final long BYE_MS = 2_000;
  private static final long GHOST_MS = 8_000;
  private static final int MAX_SOON_MS = 50;

  /// One of so many clients signs in.
  private static final int SIGNED_IN_PART = 3;

  private final Scenario scenario;
  private final Defect defect;
  private final World world;
  private final SimEngine engine;
  private final SplittableRandom random;
  private final MeshOptions options;
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimNode> formerNodes = new ArrayList<>();
  private final List<String> channels = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final List<Published> published = new ArrayList<>();
  private final List<Move> moves = new ArrayList<>();
  private final List<Termination> terminations = new ArrayList<>();
  private final List<String> users = new ArrayList<>();
  private final SimWebhooks webhooks;
  private final int slots;
  private final long endMs;
  private long nextEvent;

  Simulation(Scenario scenario, Defect defect, long seed, boolean isTraced) {
    this.scenario = scenario;
    this.defect = defect;
    this.world = new World(seed, isTraced);
    this.engine = new SimEngine(world);
    this.random = new SplittableRandom(seed);
    this.options = scenario.options(MeshOptions.defaults("sim", "node", "1"));
    this.slots = 2 + (int) (seed % (MAX_NODES - 1));
    this.endMs = 40_000 + seed * 7_919 % (scenario == Scenario.LONG_OUTAGES ? 300_000 : 80_000);
    this.webhooks = new SimWebhooks(world, scenario, new SimReceiver(world, seed, endMs));
    for (int i = 0; i < slots; i++) {
      nodes.add(new SimNode(this, i, webhooks, Outboxes.inMemory(1)));
    }
    int presence = 1 + random.nextInt(3);
    for (int i = 0; i < presence; i++) {
      channels.add("presence-c" + i);
    }
    channels.add("presence-cache-c");
    channels.add("open");
    Faults faults = new Faults(this, world, engine, seed, slots);
    scheduleWork();
    switch (scenario) {
      case CALM -> {}
      case OUTAGES -> faults.scheduleOutages(endMs);
      case FAULTS, LONG_OUTAGES, TIGHT -> {
        faults.scheduleNoise();
        faults.schedule(endMs, scenario.maxFaultMs());
      }
      case LAGS -> {
        faults.scheduleNoise();
        faults.scheduleLags(endMs);
      }
      case KILLS -> faults.scheduleKills(endMs);
      case ROLLING -> faults.scheduleRestarts(endMs);
    }
  }

  /// Runs to the end, heals everything, and checks that all are in agreement.
  ///
  /// @return what was wrong
  List<String> run() {
    world.runUntil(endMs);
    engine.heal();
    nodes.forEach(SimNode::proceed);
    world.runUntil(endMs + HEALING_MS);
    new Checks(this).all();
    return world.violations();
  }

  private void scheduleWork() {
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      users.add("u" + i);
    }
    long stepMs = 20L + random.nextInt(400);
    for (long atMs = START_MS; atMs < endMs; atMs += 1 + random.nextLong(stepMs)) {
      int what = random.nextInt(100);
      int slot = random.nextInt(slots);
      String channel = channels.get(random.nextInt(channels.size()));
      String user = users.get(random.nextInt(count));
      int choice = random.nextInt(1 << 30);
      world.at(atMs, () -> work(what, node(slot), channel, user, choice));
    }
  }

  private void work(int what, SimNode node, String channel, String user, int choice) {
    if (!node.isRunning() || node.isLeaving()) {
      return;
    }
    List<SimClient> here = node.server().clients(channel);
    SimClient any = here.isEmpty() ? null : here.get(choice % here.size());
    if (what < 30) {
      if (clients.stream().filter(SimClient::isThere).count() < MAX_CLIENTS) {
        join(node, channel, user);
      }
    } else if (what < 58) {
      if (any != null) {
        world.trace("leave " + any);
        any.node.server().close(any);
      }
    } else if (what < 59) {
      world.trace("terminate " + user + " at " + node.slot());
      terminations.add(new Termination(user, node, world.nowMs()));
      node.server().terminate(user);
    } else if (what < 68) {
      if (any != null && any.hasMembers()) {
        published.add(new Published(++nextEvent, channel, node, world.nowMs(), any));
        any.trigger(nextEvent);
      }
    } else {
      publish(node, channel);
      if (channel.contains("-cache-")) {
        world.in(1 + choice % MAX_SOON_MS, () -> joinEmpty(node(choice % slots), channel, user));
      }
    }
  }

  /// The first subscription of a node, just after a publish: the publisher does not know of it.
  private void joinEmpty(SimNode node, String channel, String user) {
    if (node.isRunning() && !node.isLeaving() && node.server().clients(channel).isEmpty()) {
      join(node, channel, user);
    }
  }

  private void join(SimNode node, String channel, String user) {
    int number = clients.size();
    List<String> watchlist = number % SIGNED_IN_PART == 0 ? users : null;
    SimClient client = new SimClient(world, number, user, channel, watchlist, node);
    world.trace("join " + client);
    clients.add(client);
    node.server().open(client);
  }

  private void publish(SimNode node, String channel) {
    long event = ++nextEvent;
    published.add(new Published(event, channel, node, world.nowMs(), null));
    world.trace("publish " + event + " to " + channel + " at " + node.slot());
    if (!(ChannelName.parse(channel, 100) instanceof Parsed.Ok<ChannelName>(var name))) {
      throw new IllegalStateException(channel);
    }
    Publication publication =
        new Publication(name, "e", Long.toString(event), null, null, Origin.HTTP);
    if (!node.server().publish(publication)) {
      world.violate("event " + event + " was refused by " + node.slot());
    }
  }

  void kill(int slot) {
    SimNode node = node(slot);
    if (node.isDead()) {
      return;
    }
    Set<String> present = new HashSet<>();
    for (SimClient client : node.server().allClients()) {
      if (client.hasMembers()) {
        present.add(client.channel + "\n" + client.user);
      }
    }
    node.kill();
    webhooks.killed(node, nodes.stream().filter(other -> !other.isDead()).toList());
    if (scenario == Scenario.KILLS) {
      world.in(GHOST_MS, () -> present.forEach(this::requireNoGhost));
    }
  }

  /// In a calm world the clients of a killed node are gone everywhere after the lease.
  private void requireNoGhost(String member) {
    String channel = member.substring(0, member.indexOf('\n'));
    String user = member.substring(member.indexOf('\n') + 1);
    boolean wasElsewhere =
        clients.stream()
            .anyMatch(client ->
                client.user.equals(user)
                    && client.channel.equals(channel)
                    && client.untilMs >= world.nowMs() - GHOST_MS + 1);
    if (!wasElsewhere) {
      for (SimClient client : clients) {
        if (client.isThere() && client.channel.equals(channel) && client.view().contains(user)) {
          world.violate("ghost of " + user + " at " + client);
        }
      }
    }
  }

  void boot(int slot) {
    SimNode former = node(slot);
    if (former.isDead()) {
      formerNodes.add(former);
      Outbox outbox = hasFile(slot) ? former.outbox() : Outboxes.inMemory(1);
      nodes.set(slot, new SimNode(this, slot, webhooks, outbox));
    } else if (former.isLeaving()) {
      world.in(BYE_MS, () -> boot(slot));
    }
  }

  /// Every other node finds its pending webhooks when it is started again.
  private static boolean hasFile(int slot) {
    return slot % 2 == 1;
  }

  /// As with SIGTERM: the clients are handed over, then comes the farewell.
  void shutDown(int slot) {
    SimNode node = node(slot);
    if (node.isDead() || node.isLeaving()) {
      return;
    }
    if (nodes.stream().allMatch(other -> other == node || other.isDead())) {
      return; // without files, webhooks need a node that goes on
    }
    node.drain();
    int choice = random.nextInt(1 << 20);
    for (SimClient client : node.server().allClients()) {
      int next = slot + 1 + (choice + client.number()) % (slots - 1);
      world.trace("hand over " + client);
      node.server().close(client);
      long leftMs = world.nowMs();
      world.in(
          500 + random.nextLong(2_000),
          () -> {
            SimNode target = node(next % slots);
            if (target.isRunning() && !target.isLeaving()) {
              join(target, client.channel, client.user);
              moves.add(new Move(client.user, client.channel, leftMs, world.nowMs()));
            }
          });
    }
    node.bye(() ->
        world.in(
            BYE_MS,
            () -> {
              if (!node.mesh().isByeAcknowledged()) {
                world.violate("the farewell of " + slot + " was not acknowledged");
              }
              node.kill();
            }));
  }

  Defect defect() {
    return defect;
  }

  MeshOptions options() {
    return options;
  }

  SimWebhooks webhooks() {
    return webhooks;
  }

  List<String> users() {
    return users;
  }

  List<Termination> terminations() {
    return terminations;
  }

  Scenario scenario() {
    return scenario;
  }

  World world() {
    return world;
  }

  SimEngine engine() {
    return engine;
  }

  SimNode node(int slot) {
    return nodes.get(slot);
  }

  List<SimNode> nodes() {
    return nodes;
  }

  List<SimNode> formerNodes() {
    return formerNodes;
  }

  List<String> channels() {
    return channels;
  }

  List<SimClient> clients() {
    return clients;
  }

  List<Published> published() {
    return published;
  }

  List<Move> moves() {
    return moves;
  }

  long simulatedMs() {
    return endMs + HEALING_MS;
  }
}
