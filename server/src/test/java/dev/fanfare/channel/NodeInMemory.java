package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.node.BusReceiverBuilder;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Watchlists;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The channels and lanes of one of several nodes, without sockets. Messages of another node wait
/// in a queue until the test takes them out.
final class NodeInMemory {

  private record Sent(BusMessage message, long atNs) {}

  /// The facts of one node that hold, by what they are about.
  private static final class Facts {
    final Map<String, Sent> begun = new LinkedHashMap<>();

    void take(Sent sent) {
      switch (sent.message()) {
        case BusMessage.Interest interest -> put(interest.channel(), sent, interest.count() > 0);
        case BusMessage.Joined joined ->
            put(joined.channel() + "/" + joined.member().userId(), sent, true);
        case BusMessage.Left left -> put(left.channel() + "/" + left.userId(), sent, false);
        case BusMessage.Kept kept -> put("kept " + kept.publication().channel(), sent, true);
        default -> {}
      }
    }

    private void put(String key, Sent sent, boolean holds) {
      begun.remove(key);
      if (holds) {
        begun.put(key, sent);
      }
    }

    List<Sent> kept() {
      return begun.values().stream()
          .filter(sent -> sent.message() instanceof BusMessage.Kept)
          .toList();
    }

    /// What a bus reports if the node is gone.
    List<BusMessage> endings() {
      List<BusMessage> endings = new ArrayList<>();
      for (Sent sent : begun.values()) {
        switch (sent.message()) {
          case BusMessage.Interest(String app, String channel, var _, long since) ->
              endings.add(new BusMessage.Interest(app, channel, 0, since));
          case BusMessage.Joined(String app, String channel, Member member) ->
              endings.add(new BusMessage.Left(app, channel, member.userId(), false));
          default -> {}
        }
      }
      begun.values().removeIf(sent -> !(sent.message() instanceof BusMessage.Kept));
      return endings;
    }
  }

  final int number;
  final Channels channels;
  final SharedReports reports = new SharedReports();
  private final ManualClock clock;
  private final LiveApp app;
  private final Publisher publisher;
  private final Bus.Receiver receiver;
  private final List<InlineLoop> loops = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<Integer, FakeSubscriber> connections = new HashMap<>();

  /// By sender.
  private final Map<Integer, Queue<Sent>> inbox = new HashMap<>();

  private final Facts own = new Facts();
  private final Map<Integer, Facts> others = new HashMap<>();
  private boolean isClosed;
  private boolean hasMissedEvents;

  NodeInMemory(int number, List<NodeInMemory> all, App configured, ManualClock clock, int count) {
    this.number = number;
    this.clock = clock;
    for (int i = 0; i < count; i++) {
      InlineLoop loop = new InlineLoop();
      loops.add(loop);
      lanes.add(new Lane(i, loop, loop, () -> true, FakeSubscriber.TextFrames::new));
    }
    Apps apps = TestNode.apps(configured);
    this.app = (LiveApp) apps.byId(configured.id());
    Bus bus = bus(all);
    Changes changes = new Changes(List.of(reports, new SharedChanges(bus)));
    Lanes fanOut = new Lanes(lanes);
    channels =
        new Channels(
            fanOut,
            changes,
            clock,
            new Share("caches", "", Long.MAX_VALUE),
            new Sharing(
                clock,
                clock::instant,
                Duration.ofSeconds(5).toNanos(),
                (int) clock.nanoTime() * 8 + number));
    publisher = new Publisher(channels, fanOut, bus, changes, ServerListener.NONE);
    receiver =
        BusReceiverBuilder.builder()
            .apps(apps)
            .channels(channels)
            .publisher(publisher)
            .sessions(new Sessions())
            .watchlists(new Watchlists(clock, new LocalBus()))
            .webhooks(_ -> {})
            .consoles(_ -> {})
            .clock(clock)
            .build();
  }

  private Bus bus(List<NodeInMemory> all) {
    return new Bus() {
      @Override
      public void publish(BusMessage message) {
        Sent sent = new Sent(message, clock.nanoTime());
        own.take(sent);
        for (NodeInMemory other : all) {
          if (other.number != number && !isClosed) {
            other.inboxOf(number).add(sent);
          }
        }
      }

      @Override
      public void onMessage(Receiver receiver) {}

      @Override
      public void close() {}
    };
  }

  private Queue<Sent> inboxOf(int sender) {
    return inbox.computeIfAbsent(sender, _ -> new ArrayDeque<>());
  }

  SharedView join(int connection, ChannelName name, @Nullable Member member) {
    FakeSubscriber subscriber =
        connections.computeIfAbsent(
            connection, _ -> new FakeSubscriber(number + "." + connection, lane(connection)));
    Join.Joined joined = (Join.Joined) channels.join(app, name, subscriber, member);
    subscriber.lane().onJoin(joined.subscription());
    return new SharedView(number, joined, subscriber.received, clock.nanoTime());
  }

  private Lane lane(int connection) {
    return lanes.get(connection % lanes.size());
  }

  void leave(SharedView view) {
    channels.leave(view.subscription(), LeaveCause.CLOSED);
    view.subscription().subscriber().lane().onLeave(view.subscription());
  }

  void publish(Publication publication) {
    assertThat(publisher.publish(app, List.of(publication))).isEqualTo(Parsed.PASSED);
  }

  void sweep() {
    var _ = channels.sweep();
  }

  void runOne(Random random) {
    var _ = loops.get(random.nextInt(loops.size())).runOne();
  }

  void runAll() {
    loops.forEach(InlineLoop::runAll);
  }

  void receiveOne(int sender) {
    Sent sent = inboxOf(sender).poll();
    if (sent != null) {
      factsOf(sender).take(sent);
      receiver.onMessage(sender, sent.message(), sent.atNs());
    }
  }

  private Facts factsOf(int sender) {
    return others.computeIfAbsent(sender, _ -> new Facts());
  }

  void receiveAll() {
    for (int sender : List.copyOf(inbox.keySet())) {
      while (!inboxOf(sender).isEmpty()) {
        receiveOne(sender);
      }
    }
  }

  /// Another node is gone: what it has sent and is not received is lost, and all that it had ends,
  /// in any order.
  void forget(int sender, Random random) {
    hasMissedEvents |= inboxOf(sender).stream().anyMatch(NodeInMemory::isEvent);
    inboxOf(sender).clear();
    List<BusMessage> endings = factsOf(sender).endings();
    Collections.shuffle(endings, random);
    endings.forEach(ending -> receiver.onMessage(sender, ending, clock.nanoTime()));
  }

  private static boolean isEvent(Sent sent) {
    return sent.message() instanceof BusMessage.Event || sent.message() instanceof BusMessage.Kept;
  }

  /// True if it was not given all events of a node that is gone.
  boolean hasMissedEvents() {
    return hasMissedEvents;
  }

  /// What another node has and keeps, sent at this moment.
  void receiveSnapshotOf(NodeInMemory other) {
    Queue<Sent> queue = inboxOf(other.number);
    queue.clear();
    queue.addAll(other.own.begun.values());
    other.others.values().forEach(facts -> queue.addAll(facts.kept()));
  }

  /// Sends nothing any more.
  void close() {
    isClosed = true;
  }
}
