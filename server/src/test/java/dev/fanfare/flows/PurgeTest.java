package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What was purged over the HTTP API is gone for every reader, without a notice.
@Tag("one-node")
final class PurgeTest {

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule("feed-").withReplay(Replay.REWIND),
              rule("cache-").withReplay(Replay.REWIND),
              rule("#server-to-user-"),
              rule("resume-").withKeepEvents(3)));

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  private static HistoryRule rule(String prefix) {
    return HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  @BeforeEach
  void start() {
    node = TestNode.start(clock, APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private void publish(String channel, int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      api.publish(channel, "e", "" + i);
    }
  }

  private HttpResponse<String> delete(String path) throws IOException {
    return api.send("DELETE", "/apps/" + APP.id() + path, "", "");
  }

  @Test
  void aPurgedChannelHasNothingForSubscribersAndForTheApi() throws IOException {
    publish("feed-a", 1, 3);
    publish("feed-b", 1, 1);
    HttpResponse<String> answer = delete("/channels/feed-a/events");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"purged\":3}");
    assertThat(api.get("/channels/feed-a/events", "").body())
        .isEqualTo("{\"events\":[],\"complete\":true}");
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "feed-a");
      socket.expectNothing();
      publish("feed-a", 4, 4);
      assertThat(socket.nextText()).contains("\"data\":\"4\"");
      subscribe(socket, "feed-b");
      assertThat(socket.nextText()).contains("\"data\":\"1\"");
    }
    answer = api.post("/channels/feed-a/events/purge", "{}");
    assertThat(answer.body()).isEqualTo("{\"purged\":1}");
    assertThat(delete("/channels/feed-a/events").body()).isEqualTo("{\"purged\":0}");
  }

  @Test
  void aPurgedCacheChannelHasNoCachedEvent() throws IOException {
    publish("cache-a", 1, 2);
    assertThat(delete("/channels/cache-a/events").body()).isEqualTo("{\"purged\":2}");
    assertThat(api.get("/channels/cache-a", "info=cache").body()).contains("\"cache\":null");
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "cache-a");
      assertThat(socket.nextText()).contains("pusher:cache_miss");
      socket.expectNothing();
    }
  }

  @Test
  void aClientThatComesBackGetsWhatCameAfterThePurgeAndNoNotice() throws IOException {
    try (RawSocket phone = RawSocket.established(node.port(), APP.key() + "/phone")) {
      subscribe(phone, "resume-a");
      publish("resume-a", 1, 1);
      assertThat(phone.nextText()).contains("\"data\":\"1\"");
    }
    publish("resume-a", 2, 6); // more than is kept
    assertThat(delete("/channels/resume-a/events").body()).isEqualTo("{\"purged\":3}");
    publish("resume-a", 7, 8);
    try (RawSocket phone = RawSocket.established(node.port(), APP.key() + "/phone")) {
      subscribe(phone, "resume-a");
      assertThat(phone.nextText()).contains("\"data\":\"7\"");
      assertThat(phone.nextText()).contains("\"data\":\"8\"");
      confirm(phone);
    }
  }

  @Test
  void theEventsOfAUserArePurged() throws IOException {
    publish("#server-to-user-7", 1, 2);
    publish("#server-to-user-8", 1, 1);
    assertThat(delete("/users/7/events").body()).isEqualTo("{\"purged\":2}");
    assertThat(api.post("/users/7/events/purge", "{}").body()).isEqualTo("{\"purged\":0}");
    assertThat(api.get("/channels/%23server-to-user-8/events", "").body())
        .contains("\"data\":\"1\"");
  }

  @Test
  void whatCannotBePurgedIsRefused() throws IOException {
    assertThat(delete("/channels/other/events").body())
        .isEqualTo("No history rule covers channel other\n");
    assertThat(delete("/channels/other/events").statusCode()).isEqualTo(404);
    assertThat(api.post("/channels/other/events/purge", "{}").statusCode()).isEqualTo(404);
    assertThat(delete("/channels/a:b/events").statusCode()).isEqualTo(400);
    assertThat(delete("/users/a:b/events").statusCode()).isEqualTo(400);
    try (TestNode plain = TestNode.start(clock, PlainApp.APP);
        Api other = new Api(plain)) {
      HttpResponse<String> answer =
          other.send("DELETE", "/apps/" + PlainApp.APP.id() + "/users/7/events", "", "");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("The app has no history rules\n");
    }
  }
}
