package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Authorizer;
import com.pusher.client.util.HttpAuthorizer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Channels that the application's server must authorize, and client events on them.
@BothJavaClients
@SuppressWarnings("deprecation") // authorizers under the names that both clients know
final class PrivateChannelTest {

  @Test
  void aClientIsAuthorizedByTheAuthEndpoint() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = withEndpoint(node, backend, "anna")) {
      ChannelLog annas = anna.subscribed("private-user-anna", "greeting");
      assertThat(backend.requests().next()).isEqualTo("form private-user-anna by anna");
      backend.publish("private-user-anna", "greeting", "hello");
      assertThat(annas.next()).isEqualTo("greeting: \"hello\"");
    }
  }

  @Test
  void aClientThatTheAuthEndpointRefusesGetsTheReason() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device ben = withEndpoint(node, backend, "ben")) {
      ChannelLog annas = ben.subscribe("private-user-anna");
      assertThat(annas.next()).startsWith("refused: ").contains("403");
      ben.subscribed("private-user-ben");
      assertThat(ben.pusher().getPrivateChannel("private-user-anna")).isNull();
      assertThat(backend.sdk().get("/channels").getMessage())
          .isEqualTo("{\"channels\":{\"private-user-ben\":{}}}");
    }
  }

  @Test
  void aWrongSignatureIsExplainedAndTheConnectionStays() throws IOException {
    Authorizer liar = (channel, _) -> "{\"auth\":\"" + TestNode.APP.key() + ":0123abcd\"}";
    try (TestNode node = TestNode.start();
        Device device =
            new Device(node.app().key(), Device.options(node.port()).setAuthorizer(liar))) {
      device.connect();
      device.subscribe("private-room");
      device
          .connection()
          .awaitError(
              "Invalid signature: Expected HMAC SHA256 hex digest of "
                  + device.socketId()
                  + ":private-room, but got 0123abcd");
      device.subscribed("marker");
      assertThat(device.pusher().getPrivateChannel("private-room").isSubscribed()).isFalse();
      assertThat(device.pusher().getConnection().getState()).isEqualTo(CONNECTED);
    }
  }

  @Test
  void aClientEventReachesTheOthersButNotItsSender() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      ChannelLog annas = anna.subscribed("private-room", "client-wave", "client-nod");
      ChannelLog bens = ben.subscribed("private-room", "client-wave", "client-nod");
      anna.triggerPrivate("private-room", "client-wave", "{\"to\":\"ben\"}");
      assertThat(bens.next()).isEqualTo("client-wave: {\"to\":\"ben\"}");
      ben.triggerPrivate("private-room", "client-nod", "plain text, Grüße");
      assertThat(annas.next()).isEqualTo("client-nod: plain text, Grüße");
    }
  }

  @Test
  void tooManyClientEventsAreRefusedAndTheConnectionStays() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna")) {
      ChannelLog annas = anna.subscribed("private-room", "greeting");
      int perSecond = node.app().limits().maxClientEventsPerSecond();
      for (int i = 0; i < 3 * perSecond; i++) {
        anna.triggerPrivate("private-room", "client-wave", "{}");
      }
      anna.connection()
          .awaitError(
              "4301 Client event rejected due to rate limit: 0 of 10 per second are left"
                  + " (max_client_events_per_second)");
      backend.publish("private-room", "greeting", "still there");
      assertThat(annas.next()).isEqualTo("greeting: \"still there\"");
    }
  }

  private static Device withEndpoint(TestNode node, Backend backend, String userId) {
    HttpAuthorizer authorizer = new HttpAuthorizer(backend.authUrl());
    authorizer.setHeaders(Map.of("Authorization", Backend.bearer(userId)));
    return new Device(node.app().key(), Device.options(node.port()).setAuthorizer(authorizer))
        .connect();
  }
}
