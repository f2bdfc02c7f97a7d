package dev.fanfare.cluster.sim;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.SharedChanges;
import dev.fanfare.channel.Sharing;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.node.BusReceiver;
import dev.fanfare.node.BusReceiverBuilder;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.session.ClientEvents;
import dev.fanfare.session.Session;
import dev.fanfare.session.SessionContext;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.SigningIn;
import dev.fanfare.session.Subscribing;
import dev.fanfare.session.Users;
import dev.fanfare.session.Watchlists;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.ThreadlessWebhooks;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// A server without sockets and threads: the real channels, lanes and sessions of a simulated node,
/// with event loops in virtual time.
final class SimServer implements Bus.Receiver {

  static final App APP =
      TestNode.APP
          .withLimits(Limits.HOSTED.withMaxClientEventsPerSecond(0))
          .withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1/")));

  private static final int LANES = 2;
  private static final long HAND_OVER_NS = World.ms(5_000);
  private static final long HOLD_BACK_NS = World.ms(3_000);
  private static final long LOOP_NS = 100_000;

  private final SimNode node;
  private final Defect defect;
  private final LiveApp app;
  private final List<Lane> lanes = new ArrayList<>();
  private final Channels channels;
  private final Publisher publisher;
  private final Watchlists watchlists;
  private final Users users;
  private final SessionContext context;
  private final BusReceiver receiver;
  private final ThreadlessWebhooks webhooks;
  private final Map<String, List<SimClient>> clients = new HashMap<>();

  /// Connections that are being closed, by number, since the server does not order them.
  private final TreeMap<Integer, SimClient> closing = new TreeMap<>();

  /// Versions of kept events that other nodes have sent.
  private final Set<Long> versions = new HashSet<>();

  SimServer(
      SimNode node,
      Bus bus,
      Outbox outbox,
      ThreadlessWebhooks.Receiver webhookReceiver,
      Defect defect) {
    this.node = node;
    this.defect = defect;
    NanoClock clock = node::nowNs;
    for (int i = 0; i < LANES; i++) {
      SimLoop loop = new SimLoop(node, (i + 1) * LOOP_NS);
      lanes.add(new Lane(i, loop, loop, () -> true, SimFrames::of));
    }
    CurrentApps apps = TestNode.apps(APP);
    app = (LiveApp) apps.byId(APP.id());
    Lanes fanOut = new Lanes(lanes);
    webhooks = new ThreadlessWebhooks(apps, bus, clock, HOLD_BACK_NS, outbox, webhookReceiver);
    Changes changes = new Changes(List.of(webhooks, new SharedChanges(bus)));
    Sharing sharing = new Sharing(clock, this::wallTime, HAND_OVER_NS, (int) node.life());
    Share caches = new Share("caches", "cache_memory_bytes", Long.MAX_VALUE);
    channels = new Channels(fanOut, changes, clock, caches, sharing);
    publisher = new Publisher(channels, fanOut, bus, changes, ServerListener.NONE);
    Sessions sessions = new Sessions(bus);
    watchlists = new Watchlists(clock, bus);
    users = new Users(watchlists, bus);
    webhooks.join(channels);
    receiver =
        BusReceiverBuilder.builder()
            .apps(apps)
            .channels(channels)
            .publisher(publisher)
            .sessions(sessions)
            .watchlists(watchlists)
            .webhooks(webhooks::receive)
            .consoles(_ -> {})
            .clock(clock)
            .build();
    Shedding shedding = new Shedding();
    context =
        new SessionContext(
            sessions,
            new Subscribing(channels, ServerListener.NONE, shedding),
            new ClientEvents(channels, publisher, ServerListener.NONE, shedding),
            new SigningIn(watchlists),
            ServerListener.NONE,
            clock);
  }

  /// As wrong as the monotonic clock.
  private Instant wallTime() {
    return Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(node.nowNs()));
  }

  @Override
  public void onMessage(int slot, BusMessage message, long asOfNs) {
    boolean isHidden =
        defect == Defect.NO_REPORTS_OF_ABSENCE
            && message instanceof BusMessage.Reported reported
            && reported.state() == BusMessage.Reported.State.ABSENT;
    if (message instanceof BusMessage.ShadowsKept answer) {
      node.onKept(answer);
    }
    if (isHidden || isIgnored(message)) {
      return;
    }
    boolean isRepeated = message instanceof BusMessage.Kept kept && !versions.add(kept.version());
    if (isRepeated
        && defect == Defect.CACHED_TWICE
        && message
            instanceof
            BusMessage.Kept(String appId, Publication event, var _, var _, var _, var _)) {
      receiver.onMessage(slot, new BusMessage.Event(appId, event), asOfNs);
    } else {
      receiver.onMessage(slot, message, asOfNs);
    }
  }

  private boolean isIgnored(BusMessage message) {
    if (defect == Defect.CONFIRMED_PULSES_LOST && message instanceof BusMessage.Pulses part) {
      node.publish(new BusMessage.PulsesAccepted(part.appId(), part.node(), part.number()));
      return true;
    }
    if (defect == Defect.HAND_OVER_LOST && message instanceof BusMessage.Undelivered part) {
      List<Integer> all = IntStream.range(0, part.events().size()).boxed().toList();
      node.publish(new BusMessage.TakenOver(part.appId(), part.node(), part.number(), all));
      return true;
    }
    if (defect == Defect.NO_ADOPTION && message instanceof BusMessage.Shadows part) {
      node.publish(new BusMessage.ShadowsKept(part.appId(), part.node(), part.number()));
      return true;
    }
    return defect == Defect.PULSES_NEVER_CONFIRMED && message instanceof BusMessage.PulsesAccepted;
  }

  @Override
  public boolean hasRoom(BusMessage event) {
    return receiver.hasRoom(event);
  }

  Lane lane(int number) {
    return lanes.get(number % LANES);
  }

  List<SimClient> clients(String channel) {
    return clients.getOrDefault(channel, List.of());
  }

  List<SimClient> allClients() {
    return clients.values().stream().flatMap(List::stream).toList();
  }

  Set<String> members(String channel) {
    Set<String> members = new TreeSet<>();
    channels.members(APP, channel).forEach(member -> members.add(member.userId()));
    return members;
  }

  /// Subscriptions on all nodes.
  int total(String channel) {
    Channel found = channels.find(APP, channel);
    return found == null ? 0 : found.subscribers();
  }

  /// True if this node knows that webhooks have reported a channel, or a member that is named by
  /// [SimWebhooks#member], as present.
  boolean isReported(String what) {
    int end = what.indexOf('/');
    String channel = end < 0 ? what : what.substring(0, end);
    String user = end < 0 ? "" : what.substring(end + 1);
    return webhooks.isReported(new Presence(APP.id(), channel, user, true));
  }

  /// The data of the event that a cache channel keeps; empty if there is none.
  String kept(String channel) {
    KeptEvent event = channels.kept(APP, channel);
    return event == null ? "" : event.data();
  }

  /// Messages that wait for the lanes.
  int waiting() {
    return lanes.stream().mapToInt(Lane::waiting).sum();
  }

  void open(SimClient client) {
    clients.computeIfAbsent(client.channel, _ -> new ArrayList<>()).add(client);
    client.open(new Session(app, client, context));
  }

  /// A client closes its connection.
  void close(SimClient client) {
    if (client.isThere()) {
      clients(client.channel).remove(client);
      client.closed();
    }
  }

  /// The server closes a connection, as a socket does it: a moment later.
  void closeSoon(SimClient client) {
    if (closing.isEmpty()) {
      node.later(LOOP_NS, this::closeAll);
    }
    closing.put(client.number(), client);
  }

  private void closeAll() {
    closing.values().forEach(this::close);
    closing.clear();
  }

  /// Publishes as the HTTP API does; false if the event was refused.
  boolean publish(Publication publication) {
    return publisher.publish(app, List.of(publication)) instanceof Parsed.Ok;
  }

  void terminate(String user) {
    users.terminate(APP, user);
  }

  /// From now on users who leave are expected at another node.
  void handOver() {
    if (defect != Defect.NO_GRACE) {
      channels.handOver();
    }
  }

  /// Webhooks end before the farewell.
  void closeWebhooks() {
    webhooks.close();
  }

  /// To be called until it returns true, after [#closeWebhooks].
  boolean handOverWebhooks() {
    return webhooks.handOver();
  }

  /// What the housekeeping thread does.
  void sweep() {
    var _ = channels.sweep();
    watchlists.sweep();
    webhooks.step();
  }
}
