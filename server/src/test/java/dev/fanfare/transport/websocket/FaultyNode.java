package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.session.Session;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.server.EmbeddedLane;
import java.util.ArrayList;
import java.util.List;

/// Several connections on one lane, on buffers and with a listener that may fail, and what each of
/// them has to have received in the end.
public final class FaultyNode implements AutoCloseable {

  private static final App APP =
      TestNode.APP.withHistory(
          List.of(
              HistoryRule.DEFAULTS
                  .withReplay(HistoryRule.Replay.REWIND)
                  .withChannels(ChannelFilter.ALL.withPrefix("feed-"))));
  private static final int CLIENTS = 5;

  private final InlineLoop loop = new InlineLoop();
  private final FaultyAllocator allocator;
  private final EmbeddedLane lane;
  private final LaneContext context;
  private final OfflineNode offline;
  private final List<FaultyClient> clients = new ArrayList<>();
  private int published;

  public FaultyNode(Fault buffers, Fault writes, ServerListener listener) {
    allocator = new FaultyAllocator(buffers);
    lane = new EmbeddedLane(ServerOptions.DEFAULTS, loop, allocator, listener, APP);
    context = lane.context();
    offline = lane.offline();
    for (int i = 1; i <= CLIENTS; i++) {
      clients.add(new FaultyClient(context, allocator, writes, "1." + i, this::session));
    }
  }

  LaneContext context() {
    return context;
  }

  private Session session(NettyConnection connection) {
    return new Session(offline.app(), connection, offline.sessionContext());
  }

  /// Opens, subscribes, publishes, excludes, leaves, signs in; always the same.
  public void converse() {
    clients.forEach(FaultyClient::open);
    for (FaultyClient client : clients) {
      client.subscribe("a");
      client.subscribePresence("presence-p", "u" + client.number() / 2);
      client.signIn("u" + client.number());
      loop.runAll();
    }
    var _ = publish("a", null);
    var _ = publish("a", clients.getFirst());
    loop.runAll();
    clients.get(1).unsubscribe("a");
    var _ = publish("a", null);
    var _ = publish("presence-p", null);
    clients.get(2).close();
    var _ = publish("a", null);
    loop.runAll();
    clients.get(1).subscribe("a");
    var _ = publish("a", clients.get(3));
    var _ = publish("presence-p", clients.get(4));
    loop.runAll();
    replay();
  }

  /// Clients get kept events, one before an event of the channel and one after it.
  private void replay() {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.addAll(publish("feed-k", null));
    }
    clients.get(3).subscribeKept("feed-k", kept);
    kept.addAll(publish("feed-k", null));
    clients.get(4).subscribeKept("feed-k", kept);
    loop.runAll();
    var _ = publish("feed-k", null);
    loop.runAll();
  }

  /// Returns the data of the event; empty if the publish failed.
  private List<String> publish(
      String channel, @org.jspecify.annotations.Nullable FaultyClient except) {
    String data = Integer.toString(published++);
    String socketId = except == null ? null : except.socketId();
    List<Publication> event =
        List.of(new Publication(name(channel), "e", data, null, socketId, Origin.HTTP));
    try {
      assertThat(offline.publisher().publish(offline.app(), event)).isEqualTo(Parsed.PASSED);
    } catch (Fault.Injected _) {
      return List.of(); // the publisher learns that it failed, and may publish again
    }
    clients.stream()
        .filter(client -> client != except)
        .forEach(client -> client.onPublished(channel, data));
    return List.of(data);
  }

  private static ChannelName name(String channel) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, APP.limits().maxChannelNameChars()))
        .value();
  }

  /// Every connection has each event or was closed.
  ///
  /// @param mostClosed how many connections may have been closed by the server
  public void check(String what, int mostClosed) {
    for (FaultyClient client : clients) {
      client.collect();
      assertThat(client.isClosed() || client.hasAll())
          .as("%s: %s got %s of %s", what, client.socketId(), client.received(), client.due())
          .isTrue();
    }
    long closed = clients.stream().filter(client -> client.isClosed() && !client.left()).count();
    assertThat(closed).as("%s: connections closed", what).isLessThanOrEqualTo(mostClosed);
    clients.forEach(FaultyClient::close);
    loop.runAll();
    assertThat(offline.sessions().count(APP)).as("%s: sessions", what).isZero();
    assertThat(offline.channels().members(APP, "presence-p")).as("%s: members", what).isEmpty();
    assertThat(offline.channels().find(APP, "a")).as("%s: channel a", what).isNull();
    assertThat(offline.channels().find(APP, "presence-p")).as("%s: presence", what).isNull();
    assertThat(context.lane().waiting()).as("%s: waiting", what).isZero();
    clients.forEach(FaultyClient::finish);
    context.backlog().onSweep();
    assertThat(lane.ledger().backlog().used()).as("%s: backlog", what).isZero();
    assertThat(lane.ledger().requests().used()).as("%s: incomplete messages", what).isZero();
    assertThat(allocator.usedBytes()).as("%s: bytes of buffers", what).isZero();
  }

  @Override
  public void close() {
    context.close();
  }
}
