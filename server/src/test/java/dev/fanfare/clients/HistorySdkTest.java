package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.rest.data.Result;
import com.pusher.rest.data.Result.Status;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The HTTP API of history with the official server SDK for Java, and with a request as the one for
/// Python sends it, which has no method for other paths.
@ExtendWith(CrashGuard.class)
@Tag("one-node")
final class HistorySdkTest {

  private static final App APP = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));
  private static final Pattern ID = Pattern.compile("\"id\":\"(([0-9]{13})-[0-9]+)\"");

  private TestNode node;
  private Backend backend;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.start(APP);
    backend = new Backend(node);
  }

  @AfterEach
  void stop() {
    backend.close();
    node.close();
  }

  private String got(String path, Map<String, String> parameters) {
    return message(backend.sdk().get(path, parameters));
  }

  private String posted(String path, String body) {
    return message(backend.sdk().post(path, body));
  }

  private static String message(Result result) {
    assertThat(result.getStatus()).as(result.getMessage()).isEqualTo(Status.SUCCESS);
    return result.getMessage();
  }

  /// Publishes an event, and returns its id.
  private String publish(String data) {
    String answer =
        posted(
            "/events",
            "{\"name\":\"scored\",\"channel\":\"feed\",\"data\":\"%s\",\"info\":\"id\"}"
                .formatted(data));
    Matcher id = ID.matcher(answer);
    assertThat(id.find()).as(answer).isTrue();
    assertThat(answer)
        .isEqualTo("{\"channels\":{\"feed\":{\"id\":\"%s\"}}}".formatted(id.group(1)));
    return id.group(1);
  }

  /// An event in a page. Events that follow each other at once have ids with the same time.
  private static String event(String id, String data) {
    return "{\"id\":\"%s\",\"name\":\"scored\",\"data\":\"%s\",\"time_ms\":T}".formatted(id, data);
  }

  private static String withoutTimes(String json) {
    return json.replaceAll("\"time_ms\":[0-9]{13}", "\"time_ms\":T");
  }

  @Test
  void pagesAreRead() {
    String one = publish("1");
    String two = publish("2");
    String three = publish("3");
    String path = "/channels/feed/events";
    assertThat(withoutTimes(got(path, Map.of("limit", "2"))))
        .isEqualTo(
            "{\"events\":["
                + event(three, "3")
                + ","
                + event(two, "2")
                + "],\"complete\":true,\"next\":\""
                + two
                + "\"}");
    assertThat(withoutTimes(got(path, Map.of("before", two))))
        .isEqualTo("{\"events\":[" + event(one, "1") + "],\"complete\":true}");
    Map<String, String> forwards = Map.of("direction", "forwards", "after", one);
    assertThat(withoutTimes(got(path, forwards)))
        .isEqualTo(
            "{\"events\":[" + event(two, "2") + "," + event(three, "3") + "],\"complete\":true}");
  }

  @Test
  void aChannelIsPurged() {
    publish("1");
    publish("2");
    assertThat(posted("/channels/feed/events/purge", "{}")).isEqualTo("{\"purged\":2}");
    assertThat(posted("/channels/feed/events/purge", "{}")).isEqualTo("{\"purged\":0}");
    assertThat(got("/channels/feed/events", Map.of())).startsWith("{\"events\":[],");
  }

  @Test
  void aUserIsPurged() {
    posted("/events", "{\"name\":\"e\",\"channel\":\"#server-to-user-7\",\"data\":\"1\"}");
    assertThat(posted("/users/7/events/purge", "{}")).isEqualTo("{\"purged\":1}");
  }

  @Test
  void aRepeatedEventIsPublishedOnce() throws Exception {
    String event =
        "{\"name\":\"scored\",\"channel\":\"feed\",\"data\":\"%s\",\"info\":\"id\","
            + "\"idempotency_key\":\"goal-1\"}";
    try (Device device = Device.connected(node)) {
      ChannelLog feed = device.subscribed("feed", "scored");
      String first = posted("/events", event.formatted("1"));
      assertThat(posted("/events", event.formatted("1"))).isEqualTo(first);
      Result other = backend.sdk().post("/events", event.formatted("2"));
      assertThat(other.getHttpStatus()).isEqualTo(409);
      publish("3");
      assertThat(feed.next()).isEqualTo("scored: 1");
      assertThat(feed.next()).isEqualTo("scored: 3");
    }
  }

  @Test
  void idsOfABatchAreReturned() {
    String event = "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"1\",\"info\":\"id\"}";
    assertThat(posted("/batch_events", "{\"batch\":[" + event + "," + event + "]}"))
        .matches(
            "\\{\"batch\":\\[\\{\"id\":\"[0-9]{13}-[0-9]+\"},\\{\"id\":\"[0-9]{13}-[0-9]+\"}]}");
  }

  /// It sorts all parameters by name, the signature among them, and hashes the body that is not
  /// there.
  @Test
  void pythonReadsTheEventsOfAChannelWithItsInfo() throws IOException {
    String one = publish("1");
    String two = publish("2");
    String path = "/apps/" + APP.id() + "/channels/feed";
    String start = "auth_key=" + APP.key();
    String rest =
        "auth_timestamp="
            + System.currentTimeMillis() / 1_000
            + "&auth_version=1.0&body_md5=d41d8cd98f00b204e9800998ecf8427e&info=history";
    String toSign = Signature.request("GET", path, start + "&" + rest);
    String signature = "auth_signature=" + APP.secret().signature().sign(toSign);
    String target = path + "?" + start + "&" + signature + "&" + rest;
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(
          RawHttp.request(
              "GET",
              target,
              "",
              "X-Pusher-Library: pusher-http-python 3.3.3",
              "Accept-Encoding: gzip, deflate"));
      assertThat(withoutTimes(http.next().line()))
          .isEqualTo(
              "200 {\"occupied\":false,\"history\":{\"events\":["
                  + event(two, "2")
                  + ","
                  + event(one, "1")
                  + "],\"complete\":true}}");
    }
  }
}
