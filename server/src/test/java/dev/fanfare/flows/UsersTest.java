package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signed-in users (section 4): sign-in, user channels, watchlists, termination.
final class UsersTest {

  private static final App APP = Apps.with(TestNode.APP, limits -> limits.withMaxWatchlist(2));

  private final ManualClock clock = new ManualClock();
  private TestNode node;

  @BeforeEach
  void start() {
    node = TestNode.start(clock, APP);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void userDataIsReturnedVerbatim() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"12345\",\"user_info\":{\"name\":\"x\"}}");
      String success =
          "{\"event\":\"pusher:signin_success\",\"data\":\"{\\\"user_data\\\":"
              + "\\\"{\\\\\\\"id\\\\\\\":\\\\\\\"12345\\\\\\\","
              + "\\\\\\\"user_info\\\\\\\":{\\\\\\\"name\\\\\\\":\\\\\\\"x\\\\\\\"}}\\\"}\"}";
      assertThat(socket.nextText()).isEqualTo(success);
      socket.signIn(APP, "{\"id\":\"12345\",\"user_info\":{\"name\":\"x\"}}");
      assertThat(socket.nextText()).as("the same user again").isEqualTo(success);
      socket.signIn(APP, "{\"id\":\"other\"}");
      assertThat(socket.nextText()).contains("4009", "already signed in as another user");
      socket.expectNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":12345}",
        "{\"id\":\"\"}",
        "{}",
        "{\"id\":\"a b\"}",
        "[]",
        "{\"id\":\"1\",\"watchlist\":\"x\"}",
        "nonsense"
      })
  void badUserDataIsRefusedAndTheConnectionStays(String userData) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, userData);
      assertThat(socket.nextText()).contains("\"pusher:error\"", "4009", "user_data is invalid");
      socket.expectNothing();
    }
  }

  @Test
  void aForgedSignInGetsTheStringToSign() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendText(
          "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\""
              + APP.key()
              + ":00\",\"user_data\":\"{}\"}}");
      assertThat(socket.nextText())
          .contains(
              "\"code\":4009",
              "Expected HMAC SHA256 hex digest of " + socket.socketId() + "::user::{}, but got 00");
    }
  }

  @Test
  void aUserChannelIsForThatUserOnly() throws IOException {
    try (RawSocket user = node.connect();
        RawSocket stranger = node.connect();
        Api api = new Api(node.port(), APP)) {
      user.signIn(APP, "{\"id\":\"u1\"}");
      user.nextTextContaining("signin_success");
      user.sendText(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\"\",\"channel\":"
              + "\"#server-to-user-u1\"}}");
      assertThat(user.nextText()).contains("subscription_succeeded", "\"data\":\"{}\"");
      stranger.subscribe("#server-to-user-u1");
      assertThat(stranger.nextText()).contains("AuthError", "401");
      assertThat(stranger.nextText()).contains("pusher:error");
      api.publish("#server-to-user-u1", "ev", "hi");
      assertThat(user.nextText())
          .isEqualTo("{\"event\":\"ev\",\"channel\":\"#server-to-user-u1\",\"data\":\"hi\"}");
      stranger.expectNothing();
      assertThat(api.get("/channels", "").body()).isEqualTo("{\"channels\":{}}");
    }
  }

  @Test
  void watchersAreNotifiedOfOnlineAtOnceAndOfOfflineAfterThreeSeconds() throws IOException {
    try (RawSocket watcher = node.connect();
        RawSocket watched = node.connect()) {
      watcher.signIn(APP, "{\"id\":\"w\",\"watchlist\":[\"a\",\"b\"]}");
      watcher.nextTextContaining("signin_success");
      assertThat(watcher.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:watchlist_events\",\"data\":\"{\\\"events\\\":"
                  + "[{\\\"name\\\":\\\"offline\\\",\\\"user_ids\\\":[\\\"a\\\",\\\"b\\\"]}]}\"}");
      watched.signIn(APP, "{\"id\":\"a\"}");
      watched.nextTextContaining("signin_success");
      assertThat(watcher.nextText()).contains("online", "[\\\"a\\\"]").doesNotContain("offline");
      watched.sendClose(1000, "");
      watched.nextClose();
      try (RawSocket reloaded = node.connect()) {
        reloaded.signIn(APP, "{\"id\":\"a\"}");
        reloaded.nextTextContaining("signin_success");
        clock.advance(Duration.ofSeconds(4));
        watcher.expectNothing();
        reloaded.sendClose(1000, "");
        reloaded.nextClose();
      }
      clock.advance(Duration.ofSeconds(3));
      assertThat(watcher.nextText()).contains("offline", "[\\\"a\\\"]");
    }
  }

  @Test
  void aWatchlistThatIsTooLongIsCutAndReported() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"w\",\"watchlist\":[\"a\",\"a\",\"b\",\"c\"]}");
      assertThat(socket.nextText()).contains("signin_success");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":4302,\"message\":"
                  + "\"Watchlist limit exceeded. Only the first 2 user IDs are accepted. It has 3"
                  + " (max_watchlist)\"}}");
      assertThat(socket.nextText()).contains("[\\\"a\\\",\\\"b\\\"]").doesNotContain("\\\"c\\\"");
    }
  }

  @Test
  void aNumberInAWatchlistIsTheSameUserAsItsDigits() throws IOException {
    try (RawSocket watcher = node.connect()) {
      watcher.signIn(APP, "{\"id\":\"w\",\"watchlist\":[7,\"7\",8]}");
      assertThat(watcher.nextText()).contains("signin_success");
      assertThat(watcher.nextText()).contains("[\\\"7\\\",\\\"8\\\"]");
    }
  }

  @Test
  void aWatchlistIsIgnoredWhileWatchlistsAreOff() throws IOException {
    App off = APP.withOptions(APP.options().withWatchlists(false));
    try (TestNode node = TestNode.start(off);
        RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"w\",\"watchlist\":{\"a\":1}}");
      assertThat(socket.nextText()).contains("signin_success");
      socket.expectNothing();
    }
  }

  @Test
  void aUserThatIsListedTwiceCountsOnce() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"w\",\"watchlist\":[\"a\",\"a\",\"b\",\"b\"]}");
      assertThat(socket.nextText()).contains("signin_success");
      assertThat(socket.nextText()).contains("[\\\"a\\\",\\\"b\\\"]");
      socket.expectNothing();
    }
  }

  @Test
  void terminateClosesSignedInConnectionsOnly() throws IOException {
    try (RawSocket phone = node.connect();
        RawSocket tablet = node.connect();
        RawSocket presence = node.connect();
        Api api = new Api(node.port(), APP)) {
      phone.signIn(APP, "{\"id\":\"u\"}");
      phone.nextTextContaining("signin_success");
      tablet.signIn(APP, "{\"id\":\"u\"}");
      tablet.nextTextContaining("signin_success");
      presence.subscribePresence(APP, "presence-t", "{\"user_id\":\"u\"}");
      presence.nextTextContaining("subscription_succeeded");
      // The other node, whose bus has the system's clock, spares connections that may be younger.
      clock.advance(Duration.ofSeconds(60));
      assertThat(api.post("/users/u/terminate_connections", "{}").body()).isEqualTo("{}");
      for (RawSocket ended : new RawSocket[] {phone, tablet}) {
        assertThat(ended.nextText()).contains("\"code\":4009", "You got disconnected by the app.");
        assertThat(ended.nextClose().closeCode()).isEqualTo(4009);
      }
      presence.expectNothing();
      assertThat(api.post("/users/absent/terminate_connections", "{}").body()).isEqualTo("{}");
    }
  }

  @Test
  void watchedIdsThatNoUserCanHaveAreOffline() throws IOException {
    try (RawSocket watcher = node.connect()) {
      watcher.signIn(APP, "{\"id\":\"w\",\"watchlist\":[\"a b\",\"ok\"]}");
      watcher.nextTextContaining("signin_success");
      assertThat(watcher.nextText())
          .contains("\\\"name\\\":\\\"offline\\\"", "\\\"ok\\\"", "\\\"a b\\\"");
    }
  }

  @Test
  void aUserInfoAboveTheLimitOfMembersIsRefusedOnPresenceChannelsOnly() throws IOException {
    String data = "{\"id\":\"u\",\"user_info\":{\"x\":\"" + "x".repeat(1_100) + "\"}}";
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, data);
      socket.nextTextContaining("signin_success");
      socket.subscribePrivate(APP, "presence-x");
      assertThat(socket.nextText()).contains("user_info has 1108 bytes, the limit is 1024");
      assertThat(socket.nextText()).contains("pusher:error");
      socket.subscribe("#server-to-user-u");
      assertThat(socket.nextText()).contains("subscription_succeeded");
    }
  }
}
