package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Authorizer;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.Result;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// End-to-end encryption: the server SDK encrypts, the client decrypts, the node cannot read it.
@BothJavaClients
final class EncryptedChannelTest {

  private static final String CHANNEL = "private-encrypted-diary";
  private static final String SOME_KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void theClientDecryptsWhatTheServerSdkEncrypts() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna")) {
      ChannelLog annas = anna.subscribed(CHANNEL, "entry");
      backend.publish(CHANNEL, "entry", Map.of("text", "Grüße ✓"));
      assertThat(annas.next()).isEqualTo("entry: {\"text\":\"Grüße ✓\"}");
      Result result = backend.sdk().trigger(List.of(new Event(CHANNEL, "entry", "in a batch")));
      assertThat(result.getHttpStatus()).isEqualTo(200);
      assertThat(annas.next()).isEqualTo("entry: \"in a batch\"");
    }
  }

  @Test
  void dataEncryptedWithAnotherKeyIsNotAccepted() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna")) {
      ChannelLog annas = anna.subscribed(CHANNEL, "entry");
      String forged = "{'nonce':'" + "A".repeat(32) + "','ciphertext':'" + "A".repeat(64) + "'}";
      assertThat(publishAsIs(backend, CHANNEL, "entry", forged).getHttpStatus()).isEqualTo(200);
      assertThat(annas.next()).isEqualTo("undecryptable: entry");
      backend.publish(CHANNEL, "entry", "genuine");
      assertThat(annas.next()).isEqualTo("entry: \"genuine\"");
    }
  }

  /// An unencrypted count would kill the client's event thread, which decrypts everything.
  @Test
  void othersMayJoinAndLeaveWithSubscriptionCountsOn() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      assertThat(node.app().options().subscriptionCounts()).isTrue();
      ChannelLog annas = anna.subscribed(CHANNEL, "entry");
      ben.subscribed(CHANNEL);
      ben.disconnect();
      backend.publish(CHANNEL, "entry", "still readable");
      assertThat(annas.next()).isEqualTo("entry: \"still readable\"");
    }
  }

  @Test
  @SuppressWarnings("deprecation") // the authorizer under the name that both clients know
  void aRefusalReachesTheAppAsAnError() throws IOException {
    Authorizer liar =
        (_, _) ->
            "{\"auth\":\"" + TestNode.APP.key() + ":00\",\"shared_secret\":\"" + SOME_KEY + "\"}";
    try (TestNode node = TestNode.start();
        Device device =
            new Device(node.app().key(), Device.options(node.port()).setAuthorizer(liar))) {
      device.connect();
      device.subscribe(CHANNEL);
      device
          .connection()
          .awaitError(
              "Invalid signature: Expected HMAC SHA256 hex digest of "
                  + device.socketId()
                  + ":private-encrypted-diary, but got 00");
      device.subscribed("marker");
      assertThat(device.pusher().getPrivateEncryptedChannel(CHANNEL).isSubscribed()).isFalse();
    }
  }

  @Test
  void aCacheChannelStoresTheLastEventEncrypted() throws IOException {
    String channel = "private-encrypted-cache-diary";
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      ChannelLog annas = anna.subscribed(channel, "entry");
      backend.publish(channel, "entry", "dear diary");
      assertThat(annas.next()).isEqualTo("entry: \"dear diary\"");
      ChannelLog bens = ben.subscribed(channel, "entry");
      assertThat(bens.next()).isEqualTo("entry: \"dear diary\"");
    }
  }

  /// Publishes without the SDK's encryption; `data` has `'` for `"`.
  private static Result publishAsIs(Backend backend, String channel, String event, String data) {
    String escaped = data.replace("'", "\\\"");
    return backend
        .sdk()
        .post(
            "/events",
            "{\"name\":\""
                + event
                + "\",\"channel\":\""
                + channel
                + "\",\"data\":\""
                + escaped
                + "\"}");
  }
}
