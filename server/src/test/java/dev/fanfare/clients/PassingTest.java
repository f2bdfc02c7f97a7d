package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Authorizer;
import com.pusher.client.connection.ConnectionState;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the Java clients pass through and ignore. Resuming without a change in the app's code
/// depends on it, so a new version that behaves differently fails here.
@BothJavaClients
@Tag("one-node")
final class PassingTest {

  private static final App APP = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));
  private static final String DATA = "{\"device\":\"a1\"}";

  @Test
  void whatFollowsTheKeyIsSentUnchanged() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Wire wire = new Wire(node.port());
        Device _ = new Device(APP.key() + "/dev-1~3f2a", Device.options(wire.port())).connect()) {
      assertThat(wire.handshakes().next()).startsWith("GET /app/" + APP.key() + "/dev-1~3f2a?");
    }
  }

  @SuppressWarnings("deprecation") // the authorizer under the name that both clients know
  private static Device signing(Wire wire) {
    Authorizer authorizer =
        (channel, socketId) -> {
          String toSign = Signature.subscription(socketId, channel, DATA);
          return Json.object()
              .field("auth", APP.key() + ":" + APP.secret().signature().sign(toSign))
              .field("channel_data", DATA)
              .field("shared_secret", Base64.getEncoder().encodeToString(new byte[32]))
              .field("more", "x")
              .text();
        };
    return new Device(APP.key(), Device.options(wire.port()).setAuthorizer(authorizer)).connect();
  }

  @Test
  void signedDataOfPrivateChannelsIsSent() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Wire wire = new Wire(node.port());
        Device device = signing(wire)) {
      device.subscribed("private-letters");
      String sent = wire.messages().next();
      assertThat(sent).contains("private-letters", "channel_data", "a1").doesNotContain("more");
    }
  }

  /// So `device` and `rewind` cannot be asked for there, and the signature is refused.
  @Test
  void signedDataOfEncryptedChannelsIsLeftOut() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Wire wire = new Wire(node.port());
        Device device = signing(wire)) {
      device.subscribe("private-encrypted-letters");
      device.connection().awaitErrorContaining("Invalid signature");
      String sent = wire.messages().next();
      assertThat(sent).contains("private-encrypted-letters").doesNotContain("channel_data");
    }
  }

  @Test
  void eventsThatNothingIsBoundToAreIgnored() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog feed = device.subscribed("feed", "scored");
      backend.publish("feed", "fanfare:gap", "unbound");
      backend.publish("feed", "scored", "1:0");
      assertThat(feed.next()).isEqualTo("scored: \"1:0\"");
      assertThat(device.pusher().getConnection().getState()).isEqualTo(ConnectionState.CONNECTED);
    }
  }
}
