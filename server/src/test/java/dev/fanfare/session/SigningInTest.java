package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a session keeps of a sign-in's data, for as long as it lasts.
final class SigningInTest {

  private static final App APP = TestNode.APP;

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, _ -> () -> {});
  private final OfflineNode node = new OfflineNode(lane);

  /// A socket that records what it is sent.
  private static final class Recording extends SocketlessSubscriber implements Connection {
    private final List<ServerMessage> sent = new ArrayList<>();

    Recording(Lane lane) {
      super("1.1", lane);
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
      throw new AssertionError(reason);
    }
  }

  private final Recording connection = new Recording(lane);
  private final Session session = new Session(node.app(), connection, node.sessionContext());

  private SignedInUser signIn(String userData) {
    assertThat(session.onOpen(120)).isTrue();
    String toSign = Signature.signIn("1.1", userData);
    String auth = APP.key() + ":" + APP.secret().signature().sign(toSign);
    session.onMessage(new ClientMessage.SignIn(auth, userData));
    return Objects.requireNonNull(session.user());
  }

  @Test
  void aUserInfoThatNoPresenceChannelAcceptsIsNotKept() {
    SignedInUser user =
        signIn("{\"id\":\"u\",\"user_info\":{\"x\":\"" + "y".repeat(50_000) + "\"}}");
    assertThat(user.member())
        .isEqualTo(
            new Parsed.Bad<Member>(
                "user_info has 50008 bytes, the limit is 1024 (max_presence_member_bytes)"));
  }

  @Test
  void idsThatNoUserCanHaveAreReportedAndNotKept() {
    String tooLong = "z".repeat(201);
    SignedInUser user =
        signIn("{\"id\":\"u\",\"watchlist\":[\"" + tooLong + "\",\"a b\",\"ok\",7]}");
    assertThat(user.watchlist()).containsExactly("ok", "7");
    loop.runAll();
    assertThat(connection.sent.getLast())
        .isEqualTo(
            new ServerMessage.WatchlistEvents(List.of(), List.of("ok", "7", tooLong, "a b")));
  }
}
