package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppChanges;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A reload replaces the apps: which connections stay, which close, and which options apply.
@Tag("one-node")
final class ReloadTest {

  private static final App ONE = TestNode.APP;
  private static final App TWO = Apps.another("2", AppOptions.DEFAULTS);

  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start(ONE, TWO);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private AppChanges reload(App... apps) {
    return node.server().reload(List.of(apps));
  }

  private RawSocket connect(App app) throws IOException {
    return RawSocket.established(node.port(), app.key());
  }

  @Test
  void theResultListsTheChanges() {
    App three = Apps.another("3", AppOptions.DEFAULTS);
    App changed = ONE.withSecret(new Secret("other"));
    assertThat(reload(three, changed)).hasToString("apps added 3; changed 1234; removed 2");
    assertThat(reload(changed, three)).hasToString("no app changed");
  }

  @Test
  void connectionsOfUnchangedAppsAreNotAffected() throws IOException {
    try (RawSocket socket = connect(ONE);
        RawSocket other = connect(TWO);
        Api api = new Api(node.port(), ONE)) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      reload(TWO.withOptions(TWO.options().withCompression(true)), ONE);
      api.publish("a", "e", "d");
      assertThat(socket.nextTextContaining("\"e\"")).contains("\"channel\":\"a\"");
      other.subscribe("b");
      other.nextTextContaining("subscription_succeeded");
      assertThat(node.server().connections(ONE)).isEqualTo(1);
      assertThat(node.server().connections(TWO)).isEqualTo(1);
    }
  }

  @Test
  void aRemovedAppsConnectionsAreClosedAndItsKeyIsUnknown() throws IOException {
    try (RawSocket socket = connect(TWO)) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      reload(ONE);
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":4001,"
                  + "\"message\":\"The app was removed from this server\"}}");
      assertThat(socket.nextClose().closeCode()).isEqualTo(4001);
    }
    await().until(() -> node.server().connections(TWO) == 0);
    try (Api api = new Api(node.port(), TWO)) {
      assertThat(api.get("/channels", "").statusCode()).isEqualTo(404);
      reload(ONE, TWO);
      assertThat(api.get("/channels", "").body()).isEqualTo("{\"channels\":{}}");
    }
    connect(TWO).close();
  }

  @Test
  void anAppThatIsSwitchedOffClosesWith4003() throws IOException {
    try (RawSocket socket = connect(TWO);
        Api api = new Api(node.port(), TWO)) {
      reload(ONE, TWO.withOptions(TWO.options().withEnabled(false)));
      assertThat(socket.nextClose().closeCode()).isEqualTo(4003);
      assertThat(api.get("/channels", "").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aNewAppWorksAtOnce() throws IOException {
    App three = Apps.another("3", AppOptions.DEFAULTS);
    reload(ONE, TWO, three);
    try (RawSocket socket = connect(three);
        Api api = new Api(node.port(), three)) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      api.publish("a", "e", "d");
      socket.nextTextContaining("\"e\"");
    }
  }

  @Test
  void keyAndSecretMayChangeUnderAConnection() throws IOException {
    App rotated = ONE.withKey("newkey").withSecret(new Secret("newsecret"));
    try (RawSocket socket = connect(ONE);
        Api old = new Api(node.port(), ONE);
        Api api = new Api(node.port(), rotated)) {
      reload(rotated, TWO);
      socket.subscribePrivate(ONE, "private-a");
      assertThat(socket.nextText()).contains("Invalid key in subscription auth data");
      socket.nextText();
      socket.subscribePrivate(rotated, "private-a");
      socket.nextTextContaining("subscription_succeeded\",\"channel\":\"private-a\"");
      assertThat(old.get("/channels", "").statusCode()).isEqualTo(401);
      api.publish("private-a", "e", "d");
      socket.nextTextContaining("\"e\"");
    }
    connect(rotated).close();
    try (RawSocket refused = RawSocket.upgraded(node.port(), "/app/" + ONE.key() + "?protocol=7")) {
      assertThat(refused.nextClose().closeCode()).isEqualTo(4001);
    }
  }

  @Test
  void newLimitsApplyToExistingConnections() throws IOException {
    try (RawSocket socket = connect(ONE);
        RawSocket second = connect(ONE)) {
      socket.subscribePresence(ONE, "presence-a", "{\"user_id\":\"1\"}");
      socket.nextTextContaining("subscription_succeeded");
      reload(Apps.with(ONE, limits -> limits.withMaxPresenceMembers(1).withMaxSubscriptions(1)));
      second.subscribePresence(ONE, "presence-a", "{\"user_id\":\"2\"}");
      assertThat(second.nextText()).contains("the limit is 1 (max_presence_members)");
      socket.subscribe("b");
      assertThat(socket.nextText()).contains("the limit is 1 (max_subscriptions)");
    }
  }

  @Test
  void clientEventsFollowTheFlagAndTheLimit() throws IOException {
    try (RawSocket socket = connect(ONE);
        RawSocket hears = connect(ONE)) {
      for (RawSocket each : List.of(socket, hears)) {
        each.subscribePrivate(ONE, "private-a");
        each.nextTextContaining("subscription_succeeded");
      }
      socket.trigger("private-a", "client-a", "1");
      hears.nextTextContaining("client-a");
      reload(Apps.with(ONE, limits -> limits.withMaxClientEventsPerSecond(1)));
      socket.trigger("private-a", "client-b", "1");
      hears.nextTextContaining("client-b");
      socket.trigger("private-a", "client-c", "1");
      assertThat(socket.nextTextContaining("4301")).contains("0 of 1 per second");
      reload(ONE.withOptions(ONE.options().withClientEvents(false)));
      socket.trigger("private-a", "client-d", "1");
      assertThat(socket.nextText()).contains("you must enable this feature");
    }
  }

  @Test
  void countsStartWithTheOption() throws IOException {
    try (RawSocket socket = connect(TWO);
        RawSocket second = connect(TWO)) {
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
      reload(ONE, TWO.withOptions(TWO.options().withSubscriptionCounts(true)));
      second.subscribe("a");
      assertThat(socket.nextText()).contains("subscription_count");
    }
  }

  @Test
  void connectionsAreNotClosedByARuleNewerThanThey() throws IOException {
    try (RawSocket socket = connect(TWO)) {
      AppOptions strict =
          TWO.options().withAuthorizedConnectionsOnly(true).withAuthorizationTimeoutSeconds(1);
      reload(ONE, TWO.withOptions(strict));
      try (RawSocket late = connect(TWO)) {
        assertThat(late.nextClose().closeCode()).isEqualTo(4009);
      }
      socket.subscribe("a");
      socket.nextTextContaining("subscription_succeeded");
    }
  }
}
