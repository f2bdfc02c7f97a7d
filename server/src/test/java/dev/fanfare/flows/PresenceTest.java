package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Presence channels (section 2.5): member notices and refusals.
final class PresenceTest {

  private static final App APP = TestNode.APP;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void onlyAUsersFirstAndLastConnectionIsAnnounced() throws IOException {
    try (RawSocket watcher = node.connect();
        RawSocket phone = node.connect();
        RawSocket tablet = node.connect();
        Api api = new Api(node)) {
      join(watcher, "presence-a", "{\"user_id\":\"w\"}");
      join(phone, "presence-a", "{\"user_id\":\"u\",\"user_info\":{\"name\":\"first\"}}");
      assertThat(watcher.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-a\","
                  + "\"data\":\"{\\\"user_id\\\":\\\"u\\\","
                  + "\\\"user_info\\\":{\\\"name\\\":\\\"first\\\"}}\"}");
      tablet.subscribePresence(
          APP, "presence-a", "{\"user_id\":\"u\",\"user_info\":{\"name\":\"second\"}}");
      assertThat(tablet.nextText())
          .as("the first user_info is kept")
          .contains("first", "\\\"count\\\":2")
          .doesNotContain("second");
      assertThat(api.get("/channels/presence-a", "info=user_count,subscription_count").body())
          .isEqualTo("{\"occupied\":true,\"user_count\":2,\"subscription_count\":3}");
      phone.unsubscribe("presence-a");
      phone.expectNothing();
      watcher.expectNothing();
      tablet.sendClose(1000, "bye");
      assertThat(watcher.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-a\","
                  + "\"data\":\"{\\\"user_id\\\":\\\"u\\\"}\"}");
    }
  }

  /// Section 2.5: four notices at once, then the net result four times a second, and always before
  /// an event of that user.
  @Test
  @Tag("one-node")
  void aUserWhoJoinsAndLeavesTooOftenIsAnnouncedLessOften() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode held = TestNode.start(clock, APP);
        RawSocket watcher = held.connect();
        RawSocket late = held.connect();
        RawSocket flapper = held.connect()) {
      join(watcher, "presence-f", "{\"user_id\":\"w\"}");
      for (int i = 0; i < 40; i++) {
        join(flapper, "presence-f", "{\"user_id\":\"f\"}");
        flapper.unsubscribe("presence-f");
      }
      flapper.expectNothing();
      for (String notice : List.of("added", "removed", "added", "removed")) {
        assertThat(watcher.nextText()).contains("member_" + notice);
      }
      join(flapper, "presence-f", "{\"user_id\":\"f\"}");
      watcher.expectNothing();
      late.subscribePresence(APP, "presence-f", "{\"user_id\":\"l\"}");
      assertThat(late.nextText()).as("as others know it").contains("\\\"count\\\":2");
      assertThat(watcher.nextText()).contains("member_added", "\\\"l\\\"");
      clock.advance(Duration.ofMillis(250));
      for (RawSocket other : List.of(watcher, late)) {
        assertThat(other.nextText()).contains("member_added", "\\\"f\\\"");
      }
      assertThat(flapper.nextText()).contains("member_added", "\\\"l\\\"");
      flapper.unsubscribe("presence-f");
      join(flapper, "presence-f", "{\"user_id\":\"f\",\"user_info\":{\"n\":1}}");
      flapper.trigger("presence-f", "client-e", "1");
      for (RawSocket other : List.of(watcher, late)) {
        assertThat(other.nextText()).contains("member_removed", "\\\"f\\\"");
        assertThat(other.nextText()).contains("member_added", "\\\"f\\\"", "\\\"n\\\":1");
        assertThat(other.nextText()).contains("client-e", "\"user_id\":\"f\"");
        other.expectNothing();
      }
    }
  }

  @Test
  void aCutSocketLeavesItsChannels() throws IOException {
    try (RawSocket watcher = node.connect()) {
      join(watcher, "presence-cut", "{\"user_id\":\"w\"}");
      try (RawSocket cut = node.connect()) {
        join(cut, "presence-cut", "{\"user_id\":\"u\"}");
        assertThat(watcher.nextText()).contains("member_added");
      }
      assertThat(watcher.nextText()).contains("member_removed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"user_info":{}}                | channel_data is invalid: it must contain user_id, a string or an integer
          {"user_id":null}                | channel_data is invalid: it must contain user_id, a string or an integer
          {"user_id":1.5}                 | channel_data is invalid: it must contain user_id, a string or an integer
          {"user_id":"1","user_info":"x"} | user_info supplied to presence subscription is invalid - if supplied it must be a type of hash
          {"user_id":"1","user_info":[]}  | user_info supplied to presence subscription is invalid - if supplied it must be a type of hash
          []                              | channel_data is invalid: Expected a JSON object
          """)
  void invalidMemberDataIsRefusedInBothForms(String channelData, String reason) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribePresence(APP, "presence-bad", channelData);
      assertThat(socket.nextText())
          .contains("pusher:subscription_error", "InvalidData", "\\\"status\\\":400", reason);
      assertThat(socket.nextText()).contains("\"pusher:error\"", reason);
      join(socket, "presence-bad", "{\"user_id\":\"1\"}");
    }
  }

  @Test
  void theMemberLimitCountsUsersAndKeepsTheConnection() throws IOException {
    App small = Apps.with(APP, limits -> limits.withMaxPresenceMembers(1));
    try (TestNode held = TestNode.start(small);
        RawSocket first = held.connect();
        RawSocket again = held.connect();
        RawSocket second = held.connect()) {
      join(first, "presence-full", "{\"user_id\":\"1\"}");
      join(again, "presence-full", "{\"user_id\":\"1\"}");
      second.subscribePresence(small, "presence-full", "{\"user_id\":\"2\"}");
      assertThat(second.nextText())
          .contains(
              "LimitReached",
              "\\\"status\\\":403",
              "is full: it has 1 members, the limit is 1 (max_presence_members)");
      assertThat(second.nextText()).contains("pusher:error");
      join(second, "presence-other", "{\"user_id\":\"2\"}");
      first.expectNothing();
    }
  }

  @Test
  void aSignedInUserNeedsNoChannelData() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(APP, "{\"id\":\"7\",\"user_info\":{\"name\":\"x\"}}");
      socket.nextTextContaining("signin_success");
      socket.subscribePrivate(APP, "presence-signed");
      assertThat(socket.nextText()).contains("{\\\"7\\\":{\\\"name\\\":\\\"x\\\"}}");
    }
    try (RawSocket anonymous = node.connect()) {
      anonymous.subscribePrivate(APP, "presence-signed");
      assertThat(anonymous.nextText()).contains("InvalidData", "channel_data is missing");
    }
  }

  private static void join(RawSocket socket, String channel, String channelData)
      throws IOException {
    socket.subscribePresence(APP, channel, channelData);
    assertThat(socket.nextText()).contains("subscription_succeeded");
  }
}
