package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.ALL;
import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static com.pusher.client.connection.ConnectionState.CONNECTING;
import static com.pusher.client.connection.ConnectionState.DISCONNECTED;
import static com.pusher.client.connection.ConnectionState.DISCONNECTING;
import static com.pusher.client.connection.ConnectionState.RECONNECTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.util.ConnectionFactory;
import com.pusher.client.util.HttpAuthorizer;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Json;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An app whose screens share one connection through a service that counts the users of each
/// channel, with a Laravel server that authorizes at `/broadcasting/auth`.
@BothJavaClients
@SuppressWarnings("deprecation") // authorizers under the names that both clients know
final class ServiceSkeletonFlowTest {

  private static final String ORDERS = "private-orders.7";

  /// The client retries after 1, 4, 9, 16, 25 and 30 s, and then stops.
  private static final Duration PATIENCE_OF_THE_CLIENT = Duration.ofSeconds(85);

  /// The app's service: one connection, and a user count for each channel on it.
  private static final class Service {

    private final Pusher pusher;
    private final ConnectionLog connection = new ConnectionLog();
    private final Map<String, ChannelLog> channels = new HashMap<>();
    private final Map<String, Integer> users = new HashMap<>();

    Service(String key, PusherOptions options) {
      pusher = new Pusher(key, options);
    }

    void connect() {
      pusher.connect(connection, ALL);
    }

    void disconnect() {
      pusher.disconnect();
    }

    /// Another screen needs the channel; the first one makes the service subscribe.
    ChannelLog subscribe(String channel) {
      users.merge(channel, 1, Integer::sum);
      return channels.computeIfAbsent(
          channel,
          _ -> {
            ChannelLog log = new ChannelLog(channel);
            pusher.subscribePrivate(channel, log);
            return log;
          });
    }

    /// A screen no longer needs the channel; the last one makes the service unsubscribe.
    void unsubscribe(String channel) {
      if (users.merge(channel, -1, Integer::sum) == 0) {
        users.remove(channel);
        channels.remove(channel);
        pusher.unsubscribe(channel);
      }
    }

    void bind(String channel, String event, ChannelLog listener) {
      pusher.getPrivateChannel(channel).bind(event, listener);
    }

    void unbind(String channel, String event, ChannelLog listener) {
      pusher.getPrivateChannel(channel).unbind(event, listener);
    }
  }

  @Test
  void screensShareASubscriptionUntilTheLastOneCloses() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      Service service = new Service(node.app().key(), options(node.port(), authorizer(backend)));
      service.connect();
      assertThat(service.connection.nextState()).isEqualTo(CONNECTING);
      assertThat(service.connection.nextState()).isEqualTo(CONNECTED);

      // Two screens need the same channel: one subscription.
      ChannelLog subscription = service.subscribe(ORDERS);
      assertThat(service.subscribe(ORDERS)).isSameAs(subscription);
      subscription.awaitSubscribed();
      assertThat(backend.requests().next()).isEqualTo("form " + ORDERS + " by 7");

      // Each listens to what it shows.
      ChannelLog list = new ChannelLog("the list of orders");
      ChannelLog badge = new ChannelLog("the badge");
      service.bind(ORDERS, "created", list);
      service.bind(ORDERS, "paid", list);
      service.bind(ORDERS, "created", badge);
      backend.publish(ORDERS, "created", 1);
      assertThat(list.next()).isEqualTo("created: 1");
      assertThat(badge.next()).isEqualTo("created: 1");

      // The badge closes. The list stays, and so does the subscription.
      service.unbind(ORDERS, "created", badge);
      service.unsubscribe(ORDERS);
      backend.publish(ORDERS, "created", 2);
      backend.publish(ORDERS, "paid", 2);
      assertThat(list.next()).isEqualTo("created: 2");
      assertThat(list.next()).isEqualTo("paid: 2");
      assertThat(badge.count()).as("lines of the badge").isEqualTo(1);

      // The list closes too, and the channel has no subscribers any more.
      service.unbind(ORDERS, "created", list);
      service.unbind(ORDERS, "paid", list);
      service.unsubscribe(ORDERS);
      service.subscribe("private-marker").awaitSubscribed();
      assertThat(backend.sdk().get("/channels").getMessage())
          .isEqualTo("{\"channels\":{\"private-marker\":{}}}");

      service.disconnect();
      assertThat(service.connection.nextState()).isEqualTo(DISCONNECTING);
      assertThat(service.connection.nextState()).isEqualTo(DISCONNECTED);
    }
  }

  @Test
  void theAppKeepsItsSubscriptionsAcrossAReconnect() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      Service service = new Service(node.app().key(), options(node.port(), authorizer(backend)));
      service.connect();
      ChannelLog orders = service.subscribe(ORDERS).awaitSubscribed();
      service.bind(ORDERS, "created", orders);

      // The app goes to the background: no connection, no events.
      service.disconnect();
      service.connection.await(DISCONNECTED);
      backend.publish(ORDERS, "created", 1);

      // It comes back, and its channels with it.
      service.connect();
      service.connection.await(CONNECTED);
      assertThat(orders.next()).isEqualTo("subscribed");
      backend.publish(ORDERS, "created", 2);
      assertThat(orders.next()).isEqualTo("created: 2");

      service.disconnect();
      service.connection.await(DISCONNECTED);
    }
  }

  @Test
  @Tag("one-node")
  void aRestartOfTheNodeOnlyCausesAPause() throws IOException {
    int port = FreePort.number();
    try (Backend backend = new Backend(port, TestNode.APP)) {
      Service service = new Service(TestNode.APP.key(), options(port, authorizer(backend)));
      ChannelLog orders = service.subscribe(ORDERS);
      ChannelLog invoices = service.subscribe("private-invoices.7");
      service.bind(ORDERS, "created", orders);
      service.bind("private-invoices.7", "sent", invoices);

      try (TestNode _ = nodeAt(port)) {
        service.connect();
        service.connection.await(CONNECTED);
        assertThat(orders.next()).isEqualTo("subscribed");
        assertThat(invoices.next()).isEqualTo("subscribed");
        backend.publish(ORDERS, "created", 1);
        assertThat(orders.next()).isEqualTo("created: 1");
      } // The node stops here, and its clients are asked to reconnect.

      try (TestNode restarted = nodeAt(port);
          Backend publisher = new Backend(restarted)) {
        assertThat(service.connection.nextState()).isEqualTo(RECONNECTING);
        service.connection.await(CONNECTED, PATIENCE_OF_THE_CLIENT);

        // The client has been authorized and subscribed to everything again.
        assertThat(orders.next()).isEqualTo("subscribed");
        assertThat(invoices.next()).isEqualTo("subscribed");
        publisher.publish(ORDERS, "created", 2);
        publisher.publish("private-invoices.7", "sent", 1);
        assertThat(orders.next()).isEqualTo("created: 2");
        assertThat(invoices.next()).isEqualTo("sent: 1");

        service.disconnect();
        service.connection.await(DISCONNECTED);
      }
    }
  }

  @Test
  void theAuthEndpointMayBeCalledWithJson() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      HttpAuthorizer authorizer = new HttpAuthorizer(backend.authUrl(), new JsonBody());
      authorizer.setHeaders(
          Map.of("Authorization", Backend.bearer("7"), "Accept", "application/json"));
      Service service = new Service(node.app().key(), options(node.port(), authorizer));
      service.connect();
      ChannelLog orders = service.subscribe(ORDERS).awaitSubscribed();
      assertThat(backend.requests().next()).isEqualTo("json " + ORDERS + " by 7");
      service.bind(ORDERS, "created", orders);
      backend.publish(ORDERS, "created", 1);
      assertThat(orders.next()).isEqualTo("created: 1");

      service.disconnect();
      service.connection.await(DISCONNECTED);
    }
  }

  @Test
  void withoutItsTokenTheAppIsRefusedEverywhere() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node)) {
      HttpAuthorizer authorizer = new HttpAuthorizer(backend.authUrl());
      authorizer.setHeaders(Map.of("Authorization", "Bearer expired"));
      Service service = new Service(node.app().key(), options(node.port(), authorizer));
      service.connect();
      assertThat(service.subscribe(ORDERS).next()).startsWith("refused: ").contains("403");
      assertThat(backend.sdk().get("/channels").getMessage()).isEqualTo("{\"channels\":{}}");

      service.disconnect();
      service.connection.await(DISCONNECTED);
    }
  }

  /// The body that the Flutter plugin sends if any of the app's headers is `application/json`.
  private static final class JsonBody extends ConnectionFactory {

    @Override
    public String getBody() {
      return Json.object()
          .field("channel_name", getChannelName())
          .field("socket_id", getSocketId())
          .text();
    }

    @Override
    public String getCharset() {
      return "UTF-8";
    }

    @Override
    public String getContentType() {
      return "application/json";
    }
  }

  /// `host`, `wsPort`, `encrypted: false`, `auth`: the options of the plugin with the same names.
  /// An app uses 6001 where the test uses a free port.
  private static PusherOptions options(int wsPort, HttpAuthorizer auth) {
    return new PusherOptions()
        .setHost("127.0.0.1")
        .setWsPort(wsPort)
        .setEncrypted(false)
        .setAuthorizer(auth);
  }

  private static HttpAuthorizer authorizer(Backend backend) {
    HttpAuthorizer authorizer = new HttpAuthorizer(backend.authUrl());
    authorizer.setHeaders(Map.of("Authorization", Backend.bearer("7")));
    return authorizer;
  }

  private static TestNode nodeAt(int port) {
    return TestNode.start(
        TestNode.options(port), FanfareServer.Clocks.SYSTEM, ServerListener.NONE, TestNode.APP);
  }
}
