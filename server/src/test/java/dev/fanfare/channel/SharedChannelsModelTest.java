package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random joins, leaves, publishes and, with even seeds, crashes on several nodes, whose
/// loops run and whose messages to each other arrive when the seed says so, compared with what each
/// client may and must see, and with the truth in the end.
final class SharedChannelsModelTest {

  private static final int NODES = 3;
  private static final int STEPS = 4_000;
  private static final int CONNECTIONS = 15;
  private static final int USERS = 4;

  private static final List<ChannelName> NAMES =
      List.of(name("public"), name("private-p"), name("presence-m"), name("cache-c"));

  private static final App APP =
      TestNode.APP.withLimits(Limits.HOSTED.withCacheTtlSeconds(1_000_000));

  /// An event, and who publishes it when.
  private record Event(ChannelName channel, int node, int number, long atNs) {}

  private final ManualClock clock = new ManualClock();
  private final List<NodeInMemory> nodes = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  /// By connection and channel; connection `i` belongs to node `i % NODES`.
  private final Map<Integer, Map<String, SharedView>> views = new HashMap<>();

  private void open() {
    for (int i = 0; i < NODES; i++) {
      nodes.add(new NodeInMemory(i, nodes, APP, clock, 1 + i % 2));
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      views.put(i, new HashMap<>());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyClientSeesOneServer(long seed) {
    open();
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      clock.advance(Duration.ofNanos(1));
      int connection = random.nextInt(CONNECTIONS);
      ChannelName name = NAMES.get(random.nextInt(NAMES.size()));
      NodeInMemory any = nodes.get(random.nextInt(NODES));
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> join(connection, name, random);
        case 3 -> leave(connection, name.value());
        case 4, 5 -> publish(any, name);
        case 6 -> pass(Duration.ofMillis(random.nextInt(300)));
        case 7 -> {
          if (seed % 2 == 0 && random.nextInt(40) == 0) {
            crash(any.number, random);
          }
        }
        case 8, 9, 10, 11, 12 -> any.receiveOne(random.nextInt(NODES));
        default -> any.runOne(random);
      }
    }
    settle();
    for (int connection : views.keySet()) {
      viewsOf(connection).forEach(this::check);
    }
    nodes.forEach(this::checkState);
    for (int connection = 0; connection < CONNECTIONS; connection++) {
      for (ChannelName name : NAMES) {
        leave(connection, name.value());
      }
    }
    settle();
    nodes.forEach(this::checkState);
  }

  private void join(int connection, ChannelName name, Random random) {
    Map<String, SharedView> subscribed = viewsOf(connection);
    if (!subscribed.containsKey(name.value())) {
      Member member = name.hasMembers() ? new Member("u" + random.nextInt(USERS), "{}") : null;
      subscribed.put(name.value(), nodes.get(connection % NODES).join(connection, name, member));
    }
  }

  private void leave(int connection, String channel) {
    SharedView view = viewsOf(connection).remove(channel);
    if (view != null) {
      nodes.get(connection % NODES).leave(view);
      view.check();
    }
  }

  private void publish(NodeInMemory node, ChannelName name) {
    int number = events.size();
    events.add(new Event(name, node.number, number, clock.nanoTime()));
    node.publish(new Publication(name, "e", "" + number, null, null, Origin.HTTP));
  }

  /// A node stops, its clients with it; the others notice at different times. Then it starts again
  /// and knows nothing.
  private void crash(int number, Random random) {
    for (int connection = number; connection < CONNECTIONS; connection += NODES) {
      viewsOf(connection).clear();
    }
    nodes.get(number).close();
    for (NodeInMemory other : nodes) {
      if (other.number != number) {
        int rest = random.nextInt(4);
        for (int i = 0; i < rest; i++) {
          other.receiveOne(number);
        }
        other.forget(number, random);
      }
    }
    NodeInMemory next = new NodeInMemory(number, nodes, APP, clock, 2);
    nodes.set(number, next);
    for (NodeInMemory other : nodes) {
      if (other.number != number) {
        next.receiveSnapshotOf(other);
      }
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    nodes.forEach(NodeInMemory::sweep);
  }

  private void settle() {
    for (int i = 0; i < 4; i++) {
      nodes.forEach(NodeInMemory::receiveAll);
      pass(Duration.ofSeconds(6));
      nodes.forEach(NodeInMemory::runAll);
    }
  }

  private void check(String channel, SharedView view) {
    view.check();
    int node = view.node();
    Set<Integer> due = new HashSet<>();
    Set<Integer> tooOld = new HashSet<>();
    for (Event event : events) {
      boolean isDue = event.atNs() - view.joinedAtNs() > 0;
      if (event.channel().value().equals(channel) && (isDue || event.node() != node)) {
        (isDue ? due : tooOld).add(event.number());
      }
    }
    if (!nodes.get(node).hasMissedEvents()) {
      assertThat(view.events()).as("events due on %s", channel).containsAll(due);
    }
    if (!channel.startsWith("cache-")) {
      assertThat(view.events()).as("published on other nodes before").noneMatch(tooOld::contains);
    }
    for (int from = 0; from < NODES; from++) {
      int sender = from;
      List<Integer> ofSender =
          view.events().stream().filter(number -> events.get(number).node() == sender).toList();
      assertThat(ofSender).as("of one publisher, in order").isSorted().doesNotHaveDuplicates();
    }
    if (view.members() != null) {
      assertThat(view.members()).isEqualTo(users(channel));
    } else {
      assertThat(view.count()).as(channel).isEqualTo(subscribers(channel));
    }
  }

  private void checkState(NodeInMemory node) {
    String reason = "node " + node.number;
    for (ChannelName name : NAMES) {
      String value = name.value();
      Channel channel = node.channels.find(APP, value);
      int subscribers = subscribers(value);
      assertThat(channel == null ? 0 : channel.subscribers()).as(reason).isEqualTo(subscribers);
      Set<String> members = new HashSet<>();
      node.channels.members(APP, value).forEach(member -> members.add(member.userId()));
      assertThat(members).as(reason).isEqualTo(users(value));
      assertThat(node.reports.isOccupied(value)).as(reason).isEqualTo(subscribers > 0);
      assertThat(node.reports.members(value)).as(reason).isEqualTo(members);
    }
    Set<String> kept = new HashSet<>();
    for (NodeInMemory each : nodes) {
      KeptEvent event = each.channels.kept(APP, "cache-c");
      kept.add(event == null ? "" : event.data());
    }
    if (nodes.stream().noneMatch(NodeInMemory::hasMissedEvents)) {
      assertThat(kept).as("the same everywhere").hasSize(1);
    }
    assertThat(node.reports.failure()).isNull();
  }

  private int subscribers(String channel) {
    return (int) views.values().stream().filter(each -> each.containsKey(channel)).count();
  }

  private Set<String> users(String channel) {
    Set<String> users = new HashSet<>();
    for (Map<String, SharedView> each : views.values()) {
      SharedView view = each.get(channel);
      String userId = view == null ? null : view.userId();
      if (userId != null) {
        users.add(userId);
      }
    }
    return users;
  }

  private Map<String, SharedView> viewsOf(int connection) {
    return Objects.requireNonNull(views.get(connection));
  }

  /// A node drains; each of its users is back on another node within the time that they have.
  @Test
  void aUserWhoIsHandedOverNeitherLeavesNorJoins() {
    open();
    ChannelName room = name("presence-m");
    List<SharedView> watchers = watchers(room);
    SharedView moving = nodes.get(1).join(20, room, new Member("mover", "{}"));
    SharedView staying = nodes.get(1).join(21, room, new Member("goner", "{}"));
    settle();
    watchers.forEach(SharedView::check);
    nodes.get(1).channels.handOver();
    nodes.get(1).leave(moving);
    nodes.get(1).leave(staying);
    nodes.forEach(NodeInMemory::receiveAll);
    SharedView moved = nodes.get(2).join(22, room, new Member("mover", "{}"));
    assertThat(moved.members()).contains("mover", "goner");
    nodes.forEach(NodeInMemory::receiveAll);
    pass(Duration.ofMillis(4_900));
    nodes.forEach(NodeInMemory::runAll);
    watchers.forEach(SharedView::check);
    assertThat(notices(watchers)).as("while they are expected").isEmpty();
    pass(Duration.ofMillis(200));
    nodes.forEach(NodeInMemory::runAll);
    watchers.forEach(SharedView::check);
    assertThat(notices(watchers)).containsExactly("-goner", "-goner", "-goner");
    nodes.get(2).leave(moved);
    settle();
    watchers.forEach(SharedView::check);
    assertThat(watchers)
        .allMatch(view -> !Objects.requireNonNull(view.members()).contains("mover"));
  }

  /// One subscriber on each node, who has been notified of the others.
  private List<SharedView> watchers(ChannelName room) {
    List<SharedView> watchers =
        IntStream.range(0, NODES)
            .mapToObj(i -> nodes.get(i).join(i, room, new Member("w" + i, "{}")))
            .toList();
    settle();
    return watchers;
  }

  /// Notices about those who are handed over, but not that they came in the first place.
  private static List<String> notices(List<SharedView> watchers) {
    return watchers.stream()
        .flatMap(view -> view.notices().stream())
        .filter(notice -> notice.startsWith("-") || notice.startsWith("+mover+"))
        .toList();
  }

  /// An event that arrives late is not for those who have subscribed since.
  @Test
  void aLateEventIsForOlderSubscriptionsOnly() {
    open();
    ChannelName room = name("public");
    SharedView old = nodes.getFirst().join(0, room, null);
    settle();
    clock.advance(Duration.ofSeconds(1));
    publish(nodes.get(1), room);
    clock.advance(Duration.ofSeconds(1));
    SharedView young = nodes.getFirst().join(3, room, null);
    clock.advance(Duration.ofSeconds(1));
    publish(nodes.get(1), room);
    settle();
    old.check();
    young.check();
    assertThat(old.events()).containsExactly(0, 1);
    assertThat(young.events()).containsExactly(1);
  }

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 200)).value();
  }

  @Test
  void theConnectionThatIsExcludedMayBeOnAnotherNode() {
    open();
    ChannelName room = name("public");
    SharedView sender = nodes.getFirst().join(0, room, null);
    SharedView other = nodes.getFirst().join(3, room, null);
    settle();
    @Nullable String except = sender.subscription().subscriber().socketId();
    nodes.get(1).publish(new Publication(room, "e", "7", null, except, Origin.HTTP));
    settle();
    sender.check();
    other.check();
    assertThat(sender.events()).isEmpty();
    assertThat(other.events()).containsExactly(7);
  }
}
