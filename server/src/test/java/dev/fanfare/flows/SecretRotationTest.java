package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// While an app's secret is changed, signatures with the new and with the former one are accepted.
final class SecretRotationTest {

  private static final App APP =
      Apps.another("5", AppOptions.DEFAULTS)
          .withSecret(new Secret("new"))
          .withPreviousSecret(new Secret("old"));

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static void expect(RawSocket socket, boolean isGood, String success) throws IOException {
    assertThat(socket.nextText()).contains(isGood ? success : "Invalid signature: Expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"new", "old", "none", "ne", "newold"})
  void bothSecretsAreAcceptedEverywhere(String secret) throws IOException {
    boolean isGood = secret.equals("new") || secret.equals("old");
    App signer = APP.withSecret(new Secret(secret));
    try (RawSocket socket = node.connect();
        RawHttp http = new RawHttp(node.port())) {
      socket.subscribePrivate(signer, "private-a");
      expect(socket, isGood, "subscription_succeeded\",\"channel\":\"private-a\"");
      if (!isGood) {
        socket.nextText(); // the same refusal in its other shape
      }
      socket.subscribePresence(signer, "presence-a", "{\"user_id\":\"1\"}");
      expect(socket, isGood, "subscription_succeeded\",\"channel\":\"presence-a\"");
      if (!isGood) {
        socket.nextText();
      }
      socket.signIn(signer, "{\"id\":\"1\"}");
      expect(socket, isGood, "pusher:signin_success");
      http.send(RawHttp.signed(signer, "GET", "/channels", ""));
      assertThat(http.next().status()).isEqualTo(isGood ? 200 : 401);
      String body = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\"}";
      http.send(RawHttp.signed(signer, "POST", "/events", body));
      assertThat(http.next().status()).isEqualTo(isGood ? 200 : 401);
    }
  }
}
