package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.ALL;
import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static com.pusher.client.connection.ConnectionState.RECONNECTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Authorizer;
import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.channel.PrivateChannel;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// An app that notifies its users, from end to end: one channel per user, `private-user-ID`, to
/// which the app's server publishes and to which other devices send client events.
///
/// Only the address differs from the hosted service; everything else is an unmodified app.
@BothJavaClients
@SuppressWarnings("deprecation") // authorizers under the names that both clients know
final class NotificationsFlowTest {

  @Test
  void aUserIsNotifiedByTheServerOfTheApp() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {

      // The phone connects with the app's key and our host …
      Pusher phone = new Pusher(node.app().key(), options(node.port(), backend));
      ConnectionLog connection = new ConnectionLog();
      phone.connect(connection, ALL);

      // … and subscribes to the channel of its user. The authorizer asks the app's server.
      ChannelLog notifications = new ChannelLog("private-user-7");
      phone.subscribePrivate("private-user-7", notifications, "order-shipped");
      assertThat(notifications.next()).isEqualTo("subscribed");

      // The server of the app publishes with the official SDK.
      backend.sdk().trigger("private-user-7", "order-shipped", Map.of("order", 4711));
      assertThat(notifications.next()).isEqualTo("order-shipped: {\"order\":4711}");

      // Events for other users do not arrive here.
      backend.sdk().trigger("private-user-8", "order-shipped", Map.of("order", 4712));
      backend.sdk().trigger("private-user-7", "order-shipped", Map.of("order", 4713));
      assertThat(notifications.next()).isEqualTo("order-shipped: {\"order\":4713}");

      phone.disconnect();
    }
  }

  @Test
  void aUserIsNotifiedByAnotherDevice() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      Pusher phone = new Pusher(node.app().key(), options(node.port(), backend));
      phone.connect();
      ChannelLog phones = new ChannelLog("private-user-7 on the phone");
      phone.subscribePrivate("private-user-7", phones, "client-ring", "order-shipped");
      assertThat(phones.next()).isEqualTo("subscribed");

      // Another device joins the same channel and sends without any server in between.
      Pusher doorbell = new Pusher(node.app().key(), options(node.port(), backend));
      doorbell.connect();
      ChannelLog doorbells = new ChannelLog("private-user-7 on the doorbell");
      PrivateChannel channel =
          doorbell.subscribePrivate("private-user-7", doorbells, "client-ring", "order-shipped");
      assertThat(doorbells.next()).isEqualTo("subscribed");
      channel.trigger("client-ring", "{\"door\":\"front\"}");
      assertThat(phones.next()).isEqualTo("client-ring: {\"door\":\"front\"}");

      // The sender does not receive its own event: the next one that both receive is the server's.
      backend.sdk().trigger("private-user-7", "order-shipped", Map.of("order", 4711));
      assertThat(phones.next()).isEqualTo("order-shipped: {\"order\":4711}");
      assertThat(doorbells.next()).isEqualTo("order-shipped: {\"order\":4711}");

      phone.disconnect();
      doorbell.disconnect();
    }
  }

  /// The protocol stores no events: this documents a limitation, not a guarantee.
  @Test
  void aDeviceMissesEventsWhileItIsOffline() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Wire wire = new Wire(node.port())) {
      Pusher phone = new Pusher(node.app().key(), options(wire.port(), backend));
      ConnectionLog connection = new ConnectionLog();
      phone.connect(connection, ALL);
      ChannelLog notifications = new ChannelLog("private-user-7");
      phone.subscribePrivate("private-user-7", notifications, "order-shipped");
      assertThat(notifications.next()).isEqualTo("subscribed");

      // Into the tunnel …
      wire.cut();
      connection.await(RECONNECTING);
      backend.sdk().trigger("private-user-7", "order-shipped", Map.of("order", 4711));

      // … and out of it. The client connects and subscribes again by itself.
      wire.mend();
      connection.await(CONNECTED);
      assertThat(notifications.next()).isEqualTo("subscribed");

      // Order 4711 is lost; the next one arrives.
      backend.sdk().trigger("private-user-7", "order-shipped", Map.of("order", 4712));
      assertThat(notifications.next()).isEqualTo("order-shipped: {\"order\":4712}");

      phone.disconnect();
    }
  }

  @Test
  void onACacheChannelADeviceThatWasOfflineGetsTheLastNotification() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Wire wire = new Wire(node.port())) {
      Pusher phone = new Pusher(node.app().key(), options(wire.port(), backend));
      ConnectionLog connection = new ConnectionLog();
      phone.connect(connection, ALL);
      ChannelLog notifications = new ChannelLog("private-cache-user-7");
      phone.subscribePrivate("private-cache-user-7", notifications, "order-shipped");
      assertThat(notifications.next()).isEqualTo("subscribed");

      wire.cut();
      connection.await(RECONNECTING);
      backend.sdk().trigger("private-cache-user-7", "order-shipped", Map.of("order", 4711));
      backend.sdk().trigger("private-cache-user-7", "order-shipped", Map.of("order", 4712));
      wire.mend();
      connection.await(CONNECTED);

      // The same events as above, but of a `private-cache-` channel the last one is kept.
      assertThat(notifications.next()).isEqualTo("subscribed");
      assertThat(notifications.next()).isEqualTo("order-shipped: {\"order\":4712}");

      phone.disconnect();
    }
  }

  /// The options of such an app: the node's address, and the authorizer for user 7's channels.
  private static PusherOptions options(int port, Backend backend) {
    Authorizer authorizer = (channel, socketId) -> backend.authorize("7", channel, socketId);
    return new PusherOptions()
        .setHost("127.0.0.1")
        .setWsPort(port)
        .setEncrypted(false)
        .setAuthorizer(authorizer);
  }
}
