package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// By what a rule recognises clients that come back, byte by byte.
@Tag("one-node")
final class IdentifyTest {

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule("cookie-", Trait.COOKIE),
              rule("address-", Trait.TAG, Trait.ADDRESS),
              rule("user-", Trait.USER),
              rule("nothing-").withResumeSeconds(600),
              HistoryRule.DEFAULTS));

  private static final Pattern COOKIE =
      Pattern.compile(
          "\r\nset-cookie: (fanfare_client=[A-Za-z0-9_-]{22});"
              + " Max-Age=120; Path=/; HttpOnly; SameSite=Lax\r\n");

  private TestNode node;
  private Api api;

  private static HistoryRule rule(String prefix, Trait... identify) {
    return HistoryRule.DEFAULTS
        .withChannels(ChannelFilter.ALL.withPrefix(prefix))
        .withIdentify(List.of(identify));
  }

  @BeforeEach
  void start() {
    node = TestNode.start(APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private static String target(String client) {
    return "/app/" + APP.key() + "?protocol=7&client=" + client;
  }

  private RawSocket connected(String client, String... headers) throws IOException {
    RawSocket socket = RawSocket.upgraded(node.port(), target(client), headers);
    assertThat(socket.nextText()).contains("pusher:connection_established");
    return socket;
  }

  private static void subscribe(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextText()).contains("subscription_succeeded", channel);
  }

  private static void close(RawSocket socket) throws IOException {
    socket.sendClose(1000, "");
    assertThat(socket.nextClose().closeCode()).isEqualTo(1000);
  }

  /// Leaves a position, and publishes an event that its client misses.
  private void miss(RawSocket socket, String channel) throws IOException {
    try (socket) {
      subscribe(socket, channel);
      close(socket);
    }
    api.post("/events", "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"1\"}".formatted(channel));
  }

  private static void expectMissed(RawSocket socket, String channel) throws IOException {
    try (socket) {
      subscribe(socket, channel);
      assertThat(socket.nextText())
          .startsWith(
              "{\"event\":\"e\",\"channel\":\"%s\",\"data\":\"1\",\"id\":\"".formatted(channel));
    }
  }

  private static void expectNothing(RawSocket socket, String channel) throws IOException {
    try (socket) {
      subscribe(socket, channel);
      socket.expectNothing();
    }
  }

  /// The cookie that the server sets for a client with these headers.
  private static String cookieOf(TestNode node, String... headers) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.sendHandshake(target("js"), headers);
      Matcher matcher = COOKIE.matcher(socket.readHead());
      assertThat(matcher.find()).isTrue();
      return matcher.group(1);
    }
  }

  @Test
  void aBrowserIsRecognisedByItsCookie() throws IOException {
    String cookie = cookieOf(node);
    String others = "Cookie: a=1; " + cookie + "; b=2";
    miss(connected("js", "Cookie: " + cookie), "cookie-feed");
    expectMissed(connected("js", others), "cookie-feed");
    expectNothing(connected("js"), "cookie-feed");
    assertThat(cookieOf(node, others)).as("its time is extended").isEqualTo(cookie);
  }

  @Test
  void aCookieInAWrongFormIsReplaced() throws IOException {
    String cookie = cookieOf(node);
    for (String wrong :
        List.of(cookie + "x", "x" + cookie, cookie.substring(0, 30), "a=" + cookie)) {
      assertThat(cookieOf(node, "Cookie: " + wrong)).isNotEqualTo(cookie);
    }
  }

  @Test
  void withoutARuleThatNeedsItThereIsNoCookie() throws IOException {
    try (TestNode other = TestNode.start(PlainApp.APP.withHistory(List.of(HistoryRule.DEFAULTS)));
        RawSocket socket = new RawSocket(other.port())) {
      socket.sendHandshake(target("js"));
      assertThat(socket.readHead())
          .startsWith("HTTP/1.1 101 ")
          .doesNotContainIgnoringCase("cookie");
    }
  }

  @Test
  void anAddressAndALibraryAreRecognised() throws IOException {
    miss(connected("raw"), "address-feed");
    expectMissed(connected("raw"), "address-feed");
    expectNothing(connected("swift"), "address-feed");
    RawSocket tagged = RawSocket.established(node.port(), APP.key() + "/phone");
    expectNothing(tagged, "address-feed");
  }

  /// What a rule does not name is not used, and a rule that names nothing recognises no client.
  @Test
  void aTagIsNotUsedUnlessTheRuleNamesIt() throws IOException {
    for (String channel : List.of("user-feed", "nothing-feed")) {
      miss(RawSocket.established(node.port(), APP.key() + "/phone"), channel);
      expectNothing(RawSocket.established(node.port(), APP.key() + "/phone"), channel);
    }
  }

  /// Without a tag, a user is recognised: each device of the user, and a new one too.
  @ParameterizedTest
  @ValueSource(strings = {"{\"user_id\":\"7\"}", "{\"user_id\":\"8\",\"device\":\"phone\"}"})
  void signedDataRecognisesAClient(String data) throws IOException {
    try (RawSocket first = node.connect()) {
      first.subscribePresence(APP, "presence-a", data);
      assertThat(first.nextText()).contains("subscription_succeeded");
      close(first);
    }
    String one = KeptEvents.publish(api, "presence-a", "1", "");
    for (int i = 0; i < 2; i++) {
      try (RawSocket second = node.connect()) {
        second.subscribePresence(APP, "presence-a", data);
        assertThat(second.nextText()).contains("subscription_succeeded");
        assertThat(second.nextText()).isEqualTo(event("presence-a", "1", one));
      }
    }
    try (RawSocket other = node.connect()) {
      other.subscribePresence(APP, "presence-a", "{\"user_id\":\"9\"}");
      assertThat(other.nextText()).contains("subscription_succeeded");
      String two = KeptEvents.publish(api, "presence-a", "2", "");
      String next = other.nextText();
      // the client before may have been seen to leave only now
      assertThat(next.contains("member_removed") ? other.nextText() : next)
          .isEqualTo(event("presence-a", "2", two));
    }
  }

  @Test
  void aSignedInUserIsRecognised() throws IOException {
    String user = "{\"id\":\"7\"}";
    try (RawSocket first = node.connect()) {
      first.signIn(APP, user);
      assertThat(first.nextText()).contains("pusher:signin_success");
      subscribe(first, "#server-to-user-7");
      close(first);
    }
    String one = KeptEvents.publish(api, "#server-to-user-7", "1", "");
    try (RawSocket second = node.connect()) {
      second.signIn(APP, user);
      assertThat(second.nextText()).contains("pusher:signin_success");
      subscribe(second, "#server-to-user-7");
      assertThat(second.nextText()).isEqualTo(event("#server-to-user-7", "1", one));
    }
  }
}
