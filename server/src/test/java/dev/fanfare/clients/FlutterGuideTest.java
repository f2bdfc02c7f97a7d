package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.PusherOptions;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.util.HttpAuthorizer;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What docs/flutter.md shows, with the Java clients that the plugins have inside on Android: the
/// page's backend, its `cluster` for the plugin without a host, and the options of the others.
@BothJavaClients
@SuppressWarnings("deprecation") // authorizers under the names that both clients know
final class FlutterGuideTest {

  private static final Pattern CLUSTER = Pattern.compile("cluster: '(x@[^']+)'");
  private static final Pattern TAGGED_CLUSTER = Pattern.compile("cluster: '(x@[^']+/\\$id[^']+)'");
  private static final String ID = "5d1ce5fb-0c4e-4a4a-8f3f-2d6a3a0f1c11";

  @Test
  void aUserIsNotifiedWithHostAndPorts() throws IOException {
    try (TestNode node = TestNode.start();
        GuideBackend backend = GuideBackend.start(node)) {
      isNotified(node, backend, Device.options(node.port()));
    }
  }

  @Test
  void aUserIsNotifiedWithTheCluster(String version) throws IOException {
    try (TestNode node = TestNode.start();
        GuideBackend backend = GuideBackend.start(node);
        Wire wire = new Wire(node.port())) {
      isNotified(node, backend, cluster(node, wire.port()).setUseTLS(false));
      assertThat(wire.handshakes().next())
          .isEqualTo(
              "GET /app/%s?protocol=7&x=.pusher.com:80/app/%s".formatted(key(node), key(node))
                  + "?client=java-client&protocol=5&version=%s HTTP/1.1".formatted(version));
    }
  }

  /// The port is the one in the cluster, although the client appends `:443`.
  @Test
  void aUserIsNotifiedWithTheClusterOverTls() throws IOException {
    try (JvmTrust trust = JvmTrust.issue("ec");
        TestNode node =
            TestNode.start(
                TestNode.options(0).withTls(trust.authority().options("ec")),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                TestNode.APP);
        GuideBackend backend = GuideBackend.start(node)) {
      isNotified(node, backend, cluster(node, node.port()).setUseTLS(true));
    }
  }

  @Test
  void theBackendRefusesChannelsOfOthers() throws IOException {
    try (TestNode node = TestNode.start();
        GuideBackend backend = GuideBackend.start(node);
        Device phone =
            new Device(key(node), with(backend, Device.options(node.port()))).connect()) {
      assertThat(phone.subscribe("private-43", "notification").next()).startsWith("refused: ");
      assertThat(backend.notify("token-of-43", "hello")).isEqualTo(401);
    }
  }

  /// The name of the installation follows the key, which is in the cluster.
  @Test
  @Tag("one-node")
  void aDeviceWithoutHostGetsWhatItMissed() throws IOException {
    App keeping = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));
    try (TestNode node = TestNode.start(keeping);
        GuideBackend backend = GuideBackend.start(node);
        Relay relay = new Relay(node.port())) {
      PusherOptions options = cluster(TAGGED_CLUSTER, node, relay.port()).setUseTLS(false);
      missesNothing(backend, relay, new Device("KEY", with(backend, options)));
    }
  }

  @Test
  @Tag("one-node")
  void aDeviceGetsWhatItMissed() throws IOException {
    App keeping = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));
    try (TestNode node = TestNode.start(keeping);
        GuideBackend backend = GuideBackend.start(node);
        Relay relay = new Relay(node.port())) {
      assertThat(MarkdownPage.read("docs/flutter.md").text()).contains("`apiKey: 'KEY/$id'`");
      PusherOptions options = with(backend, Device.options(relay.port()));
      missesNothing(backend, relay, new Device(key(node) + "/" + ID, options));
    }
  }

  private static void missesNothing(GuideBackend backend, Relay relay, Device device)
      throws IOException {
    try (Device phone = device.connect()) {
      ChannelLog log = phone.subscribed("private-42", "notification");
      relay.reset();
      assertThat(backend.notify("token-of-42", "while you were away")).isEqualTo(200);
      phone.connection().await(ConnectionState.CONNECTED);
      assertThat(log.next()).isEqualTo("subscribed");
      assertThat(log.next()).isEqualTo("notification: {\"text\":\"while you were away\"}");
    }
  }

  /// By the backend, and by another device of the same user.
  private static void isNotified(TestNode node, GuideBackend backend, PusherOptions options)
      throws IOException {
    with(backend, options);
    try (Device phone = new Device(key(node), options).connect();
        Device tablet = new Device(key(node), options).connect()) {
      ChannelLog onPhone = phone.subscribed("private-42", "notification", "client-seen");
      ChannelLog onTablet = tablet.subscribed("private-42", "notification", "client-seen");
      assertThat(backend.notify("token-of-42", "hello")).isEqualTo(200);
      assertThat(onPhone.next()).isEqualTo("notification: {\"text\":\"hello\"}");
      assertThat(onTablet.next()).isEqualTo("notification: {\"text\":\"hello\"}");
      tablet.triggerPrivate("private-42", "client-seen", "{\"id\":1}");
      assertThat(onPhone.next()).isEqualTo("client-seen: {\"id\":1}");
    }
  }

  private static PusherOptions with(GuideBackend backend, PusherOptions options) {
    HttpAuthorizer authorizer = new HttpAuthorizer(backend.authUrl());
    authorizer.setHeaders(Map.of("Authorization", "Bearer token-of-42"));
    return options.setAuthorizer(authorizer);
  }

  /// What the plugin sets on Android: `cluster`, and `useTLS`. The client pastes the cluster into
  /// `ws-CLUSTER.pusher.com` without checking it.
  private static PusherOptions cluster(TestNode node, int port) throws IOException {
    return cluster(CLUSTER, node, port);
  }

  private static PusherOptions cluster(Pattern pattern, TestNode node, int port)
      throws IOException {
    Matcher shown = pattern.matcher(MarkdownPage.read("docs/flutter.md").text());
    assertThat(shown.find()).isTrue();
    String cluster =
        shown
            .group(1)
            .replace("10.0.2.2:6001", "127.0.0.1:" + port)
            .replace("KEY", key(node))
            .replace("$id", ID);
    return new PusherOptions().setCluster(cluster);
  }

  private static String key(TestNode node) {
    return node.app().key();
  }
}
