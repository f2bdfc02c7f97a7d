package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Authorizer;
import com.pusher.client.PusherOptions;
import com.pusher.client.connection.ConnectionState;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The Java clients lose their connection, reconnect by themselves and get what they missed. Their
/// app adds a name to its key and does nothing else.
@BothJavaClients
@Tag("one-node")
final class ResumeClientTest {

  private static final App APP = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));

  /// The server closes the connection with 1003.
  private static final byte[] BINARY_FRAME = RawSocket.frame(0x82, true, new byte[1]);

  @Test
  void aClientThatLostItsConnectionGetsWhatItMissed() throws IOException {
    String page = MarkdownPage.read("docs/history.md").text();
    assertThat(page).contains("new Pusher(\"KEY/\" + id, options)"); // as below
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device =
            new Device(APP.key() + "/phone~1", Device.options(relay.port())).connect()) {
      ChannelLog log = device.subscribed("feed-car", "moved");
      backend.publish("feed-car", "moved", "to the river");
      assertThat(log.next()).isEqualTo("moved: \"to the river\"");
      relay.reset();
      backend.publish("feed-car", "moved", "to the sea");
      backend.publish("feed-car", "moved", "to the hills");
      device.connection().await(ConnectionState.CONNECTED);
      // What was not confirmed before the loss comes again, so the first one may.
      log.skipTo("moved: \"to the sea\"");
      assertThat(log.next()).isEqualTo("moved: \"to the hills\"");
      backend.publish("feed-car", "moved", "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }

  private static Device phone(Backend backend, Relay relay, String tag) {
    return phone(backend, Device.options(relay.port()), tag);
  }

  @SuppressWarnings("deprecation") // the authorizer under the name that both clients know
  private static Device phone(Backend backend, PusherOptions options, String tag) {
    Authorizer authorizer = (channel, socketId) -> backend.authorize("7", channel, socketId);
    return new Device(APP.key() + "/" + tag, options.setAuthorizer(authorizer)).connect();
  }

  /// The client is back before the server knows that it was gone.
  @Test
  void aClientOnASilentNetworkGetsWhatItMissed() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device =
            phone(
                backend,
                Device.options(relay.port()).setActivityTimeout(1_000).setPongTimeout(1_000),
                "phone")) {
      ChannelLog log = device.subscribed("feed-car", "moved");
      relay.silence();
      backend.publish("feed-car", "moved", "to the sea");
      backend.publish("feed-car", "moved", "to the hills");
      relay.restore();
      device.connection().await(ConnectionState.CONNECTED);
      assertThat(log.next()).isEqualTo("subscribed");
      assertThat(log.next()).isEqualTo("moved: \"to the sea\"");
      assertThat(log.next()).isEqualTo("moved: \"to the hills\"");
      backend.publish("feed-car", "moved", "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }

  /// The server closes the connection for a frame that no client would send.
  @Test
  void aClientThatAnswersTheCloseFrameGetsNothingTwice() throws IOException {
    try (TestNode node =
            TestNode.start(
                TestNode.options(0).withLanes(1),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device = phone(backend, relay, "phone")) {
      ChannelLog log = device.subscribed("feed-car", "moved");
      backend.publish("feed-car", "moved", "to the river");
      assertThat(log.next()).isEqualTo("moved: \"to the river\"");
      relay.oneAtATime();
      relay.inject(BINARY_FRAME);
      device.connection().await(ConnectionState.CONNECTED);
      assertThat(log.next()).isEqualTo("subscribed");
      backend.publish("feed-car", "moved", "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }

  @Test
  void whatWasMissedOnAnEncryptedChannelCanBeRead() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device = phone(backend, relay, "phone")) {
      ChannelLog log = device.subscribed("private-encrypted-diary", "entry");
      relay.reset();
      backend.publish("private-encrypted-diary", "entry", "dear diary");
      device.connection().await(ConnectionState.CONNECTED);
      assertThat(log.next()).isEqualTo("subscribed");
      assertThat(log.next()).isEqualTo("entry: \"dear diary\"");
    }
  }

  @Test
  void anEventThatExcludedTheClientIsNotReplayedToIt() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device = phone(backend, relay, "phone")) {
      ChannelLog log = device.subscribed("private-chat", "said");
      String socketId = device.socketId();
      relay.reset();
      assertThat(backend.sdk().trigger("private-chat", "said", "mine", socketId).getHttpStatus())
          .isEqualTo(200);
      backend.publish("private-chat", "said", "theirs");
      device.connection().await(ConnectionState.CONNECTED);
      assertThat(log.next()).isEqualTo("subscribed");
      assertThat(log.next()).isEqualTo("said: \"theirs\"");
      backend.publish("private-chat", "said", "later");
      assertThat(log.next()).isEqualTo("said: \"later\"");
    }
  }

  @Test
  void twoSessionsOfADeviceResumeEachOnItsOwn() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device one = phone(backend, relay, "phone~1");
        Device two = phone(backend, relay, "phone~2")) {
      ChannelLog first = one.subscribed("private-chat", "said");
      ChannelLog second = two.subscribed("private-chat", "said");
      relay.reset();
      backend.publish("private-chat", "said", "hello");
      one.connection().await(ConnectionState.CONNECTED);
      two.connection().await(ConnectionState.CONNECTED);
      for (ChannelLog log : List.of(first, second)) {
        assertThat(log.next()).isEqualTo("subscribed");
        assertThat(log.next()).isEqualTo("said: \"hello\"");
      }
      backend.publish("private-chat", "said", "again");
      for (ChannelLog log : List.of(first, second)) {
        assertThat(log.next()).isEqualTo("said: \"again\"");
      }
    }
  }
}
