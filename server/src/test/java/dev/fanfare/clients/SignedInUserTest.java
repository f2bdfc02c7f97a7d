package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static com.pusher.client.connection.ConnectionState.DISCONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.channel.PusherEvent;
import com.pusher.client.util.HttpUserAuthenticator;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.Result;
import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Signing in, which only the current client supports (section 4).
@ExtendWith(CrashGuard.class)
final class SignedInUserTest {

  private final Inbox<String> subscriptions = new Inbox<>("subscriptions at the node");

  @Test
  void aUserGetsEventsSentOnlyToThatUser() throws IOException {
    try (TestNode node = node();
        Backend backend = new Backend(node);
        Device anna = signingIn(node, backend, "anna");
        Device ben = signingIn(node, backend, "ben")) {
      Inbox<PusherEvent> annas = notices(anna);
      Inbox<PusherEvent> bens = notices(ben);
      signIn(anna, "anna");
      signIn(ben, "ben");
      assertThat(anna.pusher().user().userId()).isEqualTo("anna");
      sendToUser(backend, "anna", "for Anna's eyes");
      sendToUser(backend, "ben", "for Ben's");
      assertThat(annas.next().getData()).isEqualTo("\"for Anna's eyes\"");
      assertThat(bens.next().getData()).as("Ben receives only his own").isEqualTo("\"for Ben's\"");
    }
  }

  @Test
  void aUserIsSignedInAgainAfterALostConnection() throws IOException {
    try (TestNode node = node();
        Backend backend = new Backend(node);
        Wire wire = new Wire(node.port());
        Device anna = signingIn(node, wire.port(), backend, "anna")) {
      Inbox<PusherEvent> annas = notices(anna);
      signIn(anna, "anna");
      wire.cut();
      wire.mend();
      anna.connection().await(CONNECTED);
      awaitSignedIn(anna, "anna");
      sendToUser(backend, "anna", "welcome back");
      assertThat(annas.next().getData()).isEqualTo("\"welcome back\"");
    }
  }

  @Test
  void theServerCanDisconnectAUser() throws IOException {
    try (TestNode node = node();
        Backend backend = new Backend(node);
        Device anna = signingIn(node, backend, "anna");
        Device ben = signingIn(node, backend, "ben")) {
      signIn(anna, "anna");
      signIn(ben, "ben");
      Result result = backend.sdk().post("/users/anna/terminate_connections", "{}");
      assertThat(result.getStatus()).isEqualTo(Result.Status.SUCCESS);
      anna.connection().awaitError("4009 You got disconnected by the app.");
      anna.connection().await(DISCONNECTED);
      ben.subscribed("marker");
      assertThat(ben.pusher().getConnection().getState()).isEqualTo(CONNECTED);
    }
  }

  @Test
  void aForgedSignInIsRefusedAndTheConnectionStays() {
    try (TestNode node = node();
        Device device =
            new Device(
                node.app().key(),
                Device.options(node.port())
                    .setUserAuthenticator(_ ->
                        "{\"auth\":\"278d425bdf160c739803:00\","
                            + "\"user_data\":\"{\\\"id\\\":\\\"anna\\\"}\"}"))) {
      device.connect();
      device.pusher().signin();
      device
          .connection()
          .awaitError(
              "4009 Invalid signature: Expected HMAC SHA256 hex digest of "
                  + device.socketId()
                  + "::user::{\"id\":\"anna\"}, but got 00");
      device.subscribed("marker");
      assertThat(device.pusher().user().userId()).isNull();
    }
  }

  /// In this order: an app that signs in while connecting may do so twice and crash.
  private void signIn(Device device, String userId) {
    device.pusher().signin();
    device.connect();
    awaitSignedIn(device, userId);
  }

  /// The client does not report when it is signed in, but the node does; later subscriptions are
  /// processed after that.
  private void awaitSignedIn(Device device, String userId) {
    subscriptions.skipTo("#server-to-user-" + userId);
    device.subscribed("marker-" + device.socketId());
  }

  private static Inbox<PusherEvent> notices(Device device) {
    Inbox<PusherEvent> notices = new Inbox<>("notices to the user");
    device.pusher().user().bind("notice", notices::add);
    return notices;
  }

  /// The SDK has no method for it and refuses the name except in a batch.
  private static void sendToUser(Backend backend, String userId, String text) {
    Result result =
        backend.sdk().trigger(List.of(new Event("#server-to-user-" + userId, "notice", text)));
    assertThat(result.getStatus()).isEqualTo(Result.Status.SUCCESS);
  }

  private static Device signingIn(TestNode node, Backend backend, String userId) {
    return signingIn(node, node.port(), backend, userId);
  }

  private static Device signingIn(TestNode node, int port, Backend backend, String userId) {
    HttpUserAuthenticator authenticator = new HttpUserAuthenticator(backend.userAuthUrl());
    authenticator.setHeaders(Map.of("Authorization", Backend.bearer(userId)));
    return new Device(node.app().key(), Device.options(port).setUserAuthenticator(authenticator));
  }

  private TestNode node() {
    ServerListener listener =
        new ServerListener() {
          @Override
          public void subscribed(App app, String channel, Peer peer) {
            subscriptions.add(channel);
          }
        };
    return TestNode.start(TestNode.options(0), FanfareServer.Clocks.SYSTEM, listener, TestNode.APP);
  }
}
