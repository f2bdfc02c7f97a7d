package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Connections that close in the middle of an operation leave no state behind.
final class HalfwayTest {

  private static final App APP =
      TestNode.APP.withLimits(TestNode.APP.limits().withMaxConnections(1));

  private final List<String> heard = new ArrayList<>();
  private final ServerListener listener =
      new ServerListener() {
        @Override
        public void on(Observation observation) {
          switch (observation) {
            case Observation.ConnectionOpened(_, var peer) -> connectionOpened(peer);
            case Observation.ConnectionClosed(_, var peer, _, _) -> connectionClosed(peer);
            case Observation.QuotaExceeded(_, var quota) -> quotaExceeded(quota);
            default -> {}
          }
        }

        private void connectionOpened(Peer peer) {
          heard.add("opened " + peer.socketId());
        }

        private void connectionClosed(Peer peer) {
          heard.add("closed " + peer.socketId());
        }

        private void quotaExceeded(Quota quota) {
          heard.add(quota.setting());
        }
      };

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, _ -> () -> {});
  private final OfflineNode node = new OfflineNode(lane, listener, APP);
  private final ManualClock clock = node.clock();

  /// A socket that turns out too slow when it is sent a message of type `fatal`.
  private final class Fragile extends SocketlessSubscriber implements Connection {
    private final @Nullable Class<? extends ServerMessage> fatal;
    private final List<ServerMessage> sent = new ArrayList<>();
    private final Session session;

    Fragile(String socketId, @Nullable Class<? extends ServerMessage> fatal) {
      super(socketId, lane);
      this.fatal = fatal;
      this.session = new Session(node.app(), this, node.sessionContext());
    }

    @Override
    public void send(ServerMessage message) {
      if (fatal != null && fatal.isInstance(message)) {
        close(CloseCode.OVER_CAPACITY, "too slow");
      } else {
        sent.add(message);
      }
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
      session.onClosed(code.code(), reason, () -> {});
    }
  }

  @Test
  void aRefusedConnectionIsNotReportedAsClosed() {
    Fragile in = new Fragile("1.1", null);
    Fragile out = new Fragile("2.2", null);
    assertThat(in.session.onOpen(120)).isTrue();
    assertThat(out.session.onOpen(120)).isFalse();
    out.close(CloseCode.OVER_CONNECTION_QUOTA, "full");
    out.session.onMessage(new ClientMessage.Ping());
    assertThat(out.sent).isEmpty();
    assertThat(node.sessions().count(APP)).isEqualTo(1);
    in.close(CloseCode.GOING_AWAY, "");
    in.close(CloseCode.GOING_AWAY, "");
    assertThat(heard).containsExactly("opened 1.1", "max_connections", "closed 1.1");
    assertThat(node.sessions().count(APP)).isZero();
  }

  @Test
  void aRefusedConnectionWithTheSameIdRemovesNoOther() {
    Fragile in = new Fragile("1.1", null);
    assertThat(in.session.onOpen(120)).isTrue();
    node.sessions().remove(new Fragile("1.1", null).session);
    assertThat(node.sessions().count(APP)).isEqualTo(1);
  }

  @Test
  void aSubscriptionWhoseAnswerClosesTheConnectionIsRemoved() {
    Fragile slow = new Fragile("1.1", ServerMessage.SubscriptionSucceeded.class);
    assertThat(slow.session.onOpen(120)).isTrue();
    slow.session.onMessage(new ClientMessage.Subscribe("cache-a", null, null));
    assertThat(heard).endsWith("closed 1.1");
    assertThat(node.channels().find(APP, "cache-a")).isNull();
    assertThat(node.sessions().count(APP)).isZero();
  }

  /// Its user would have stayed online permanently.
  @Test
  void aSignInWhoseAnswerClosesTheConnectionIsRemoved() {
    Fragile slow = new Fragile("1.1", ServerMessage.SigninSuccess.class);
    assertThat(slow.session.onOpen(120)).isTrue();
    slow.session.onMessage(signIn("1.1", "{\"id\":\"u\"}"));
    assertThat(heard).endsWith("closed 1.1");
    clock.advance(Duration.ofSeconds(4));
    node.watchlists().sweep();
    Fragile watcher = new Fragile("2.2", null);
    assertThat(watcher.session.onOpen(120)).isTrue();
    watcher.session.onMessage(signIn("2.2", "{\"id\":\"w\",\"watchlist\":[\"u\"]}"));
    loop.runAll();
    assertThat(watcher.sent).endsWith(new ServerMessage.WatchlistEvents(List.of(), List.of("u")));
  }

  private static ClientMessage signIn(String socketId, String userData) {
    String toSign = Signature.signIn(socketId, userData);
    return new ClientMessage.SignIn(
        APP.key() + ":" + APP.secret().signature().sign(toSign), userData);
  }
}
