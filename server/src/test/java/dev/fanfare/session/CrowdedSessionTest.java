package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.lane.Departures;
import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The clean-up after connections with many subscriptions, turn by turn of their lane.
final class CrowdedSessionTest {

  private static final int SLICES = 5;

  private final List<String> closed = new ArrayList<>();
  private final ServerListener listener =
      new ServerListener() {
        @Override
        public void on(Observation observation) {
          if (observation instanceof Observation.ConnectionClosed(_, var peer, var code, _)) {
            closed.add(peer.socketId() + " " + code);
          }
        }
      };

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, _ -> () -> {});
  private final OfflineNode node = new OfflineNode(lane, listener);

  private final class Client extends SocketlessSubscriber implements Connection {
    private final Session session;
    private int delivered;
    private int goodbyes;

    Client(String socketId) {
      super(socketId, lane);
      this.session = new Session(node.app(), this, node.sessionContext());
      assertThat(session.onOpen(120)).isTrue();
    }

    @Override
    public void send(ServerMessage message) {}

    @Override
    public boolean onDeliver(Frames frames) {
      delivered++;
      return false;
    }

    @Override
    public void ping(byte[] payload) {
      throw new AssertionError("no subscription may be resumed");
    }

    @Override
    public void checkSoon() {
      throw new AssertionError("no subscription may be resumed");
    }

    @Override
    public void close(CloseCode code, String reason) {
      session.onClosed(code.code(), reason, () -> goodbyes++);
    }

    void subscribe(String channel) {
      session.onMessage(new ClientMessage.Subscribe(channel, null, null));
    }
  }

  private Client crowded(String socketId) {
    Client client = new Client(socketId);
    for (int i = 0; i < SLICES * Departures.SLICE; i++) {
      client.subscribe("crowd-" + socketId + "-" + i);
    }
    return client;
  }

  @Test
  void anEventForAnotherConnectionGoesOutBetweenTwoSlices() {
    Client bystander = new Client("1.1");
    bystander.subscribe("news");
    List<Client> crowd = List.of(crowded("2.1"), crowded("2.2"), crowded("2.3"));
    loop.runAll();
    int before = bystander.delivered;
    crowd.forEach(client -> client.close(CloseCode.GOING_AWAY, ""));
    publish("news");
    assertThat(loop.runOne()).as("one slice").isTrue();
    assertThat(bystander.delivered).isEqualTo(before);
    assertThat(loop.runOne()).as("the delivery").isTrue();
    assertThat(bystander.delivered).isEqualTo(before + 1);
    assertThat(subscriptions(crowd)).isEqualTo((3 * SLICES - 1) * Departures.SLICE);
    loop.runAll();
    assertThat(subscriptions(crowd)).isZero();
  }

  @Test
  void itIsGoneBeforeItsGoodbye() {
    Client client = crowded("2.1");
    client.close(CloseCode.GOING_AWAY, "");
    client.close(CloseCode.RECONNECT, "a second time, while it leaves");
    client.subscribe("late");
    int goodbyes = 0;
    while (client.session.subscriptionCount() > 0) {
      assertThat(node.sessions().count(TestNode.APP)).isEqualTo(1);
      assertThat(client.goodbyes).isZero();
      assertThat(closed).isEmpty();
      assertThat(loop.runOne()).isTrue();
      goodbyes++;
    }
    assertThat(goodbyes).isGreaterThanOrEqualTo(2);
    loop.runAll();
    assertThat(client.goodbyes).isEqualTo(1);
    assertThat(closed).containsExactly("2.1 " + CloseCode.GOING_AWAY.code());
    assertThat(node.sessions().count(TestNode.APP)).isZero();
    assertThat(node.channels().count(TestNode.APP)).isZero();
  }

  @Test
  void aConnectionWithFewSubscriptionsIsGoneAtOnce() {
    Client client = new Client("1.1");
    for (int i = 0; i < Departures.SLICE; i++) {
      client.subscribe("c" + i);
    }
    client.close(CloseCode.GOING_AWAY, "");
    assertThat(client.goodbyes).isEqualTo(1);
    assertThat(node.channels().count(TestNode.APP)).isZero();
    assertThat(node.sessions().count(TestNode.APP)).isZero();
  }

  private static int subscriptions(List<Client> clients) {
    return clients.stream().mapToInt(client -> client.session.subscriptionCount()).sum();
  }

  private void publish(String channel) {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 164)).value();
    assertThat(
            node.publisher()
                .publish(
                    node.app(), List.of(new Publication(name, "e", "x", null, null, Origin.HTTP))))
        .isInstanceOf(Parsed.Ok.class);
  }
}
