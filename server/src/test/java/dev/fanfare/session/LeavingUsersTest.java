package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.ServerMessage.WatchlistEvents;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Users are reported as offline three seconds after their last connection has closed, each at its
/// own time, however many leave together.
final class LeavingUsersTest {

  private static final int CROWD = 1_000;
  private static final App APP = TestNode.APP;

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, _ -> () -> {});
  private final OfflineNode node = new OfflineNode(lane, ServerListener.NONE, APP);
  private final Watchlists watchlists = node.watchlists();

  /// A connection that records what it is sent.
  private final class Client extends SocketlessSubscriber implements Connection {
    private final List<ServerMessage> sent = new ArrayList<>();
    private final Session session;

    Client(int id, String userData) {
      super("1." + id, lane);
      session = new Session(node.app(), this, node.sessionContext());
      assertThat(session.onOpen(120)).isTrue();
      String toSign = Signature.signIn(socketId(), userData);
      session.onMessage(
          new ClientMessage.SignIn(
              APP.key() + ":" + APP.secret().signature().sign(toSign), userData));
    }

    @Override
    public void send(ServerMessage message) {
      sent.add(message);
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

    private List<String> offline() {
      return sent.stream()
          .filter(WatchlistEvents.class::isInstance)
          .flatMap(message -> ((WatchlistEvents) message).offline().stream())
          .toList();
    }
  }

  private Client user(int number) {
    return new Client(number, "{\"id\":\"u" + number + "\"}");
  }

  private void pass(Duration time) {
    node.clock().advance(time);
    watchlists.sweep();
    loop.runAll();
  }

  @Test
  void eachUserIsReportedAfterItsOwnDelay() {
    Client early = user(1);
    Client late = user(2);
    Client back = user(3);
    Client watcher = new Client(9, "{\"id\":\"w\",\"watchlist\":[\"u1\",\"u2\",\"u3\"]}");
    loop.runAll();
    early.close(CloseCode.GOING_AWAY, "");
    back.close(CloseCode.GOING_AWAY, "");
    pass(Duration.ofSeconds(2));
    late.close(CloseCode.GOING_AWAY, "");
    user(3);
    pass(Duration.ofMillis(999));
    assertThat(watcher.offline()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(watcher.offline()).containsExactly("u1");
    pass(Duration.ofMillis(1_999));
    assertThat(watcher.offline()).containsExactly("u1");
    pass(Duration.ofMillis(1));
    assertThat(watcher.offline()).containsExactly("u1", "u2");
    pass(Duration.ofHours(1));
    assertThat(watcher.offline()).containsExactly("u1", "u2");
  }

  @Test
  void aCrowdThatLeavesTogetherIsReportedInOneSweep() {
    List<Client> crowd = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(user(i));
      ids.add("u" + i);
    }
    List<Client> watchers = new ArrayList<>();
    for (int from = 0; from < CROWD; from += 100) {
      String list = String.join("\",\"", ids.subList(from, from + 100));
      watchers.add(
          new Client(CROWD + from, "{\"id\":\"w" + from + "\",\"watchlist\":[\"" + list + "\"]}"));
    }
    loop.runAll();
    crowd.forEach(client -> client.close(CloseCode.GOING_AWAY, ""));
    pass(Duration.ofSeconds(3));
    assertThat(watchers.stream().flatMap(watcher -> watcher.offline().stream()))
        .containsExactlyInAnyOrderElementsOf(ids);
  }
}
