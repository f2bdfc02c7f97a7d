package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `POST /apps/ID/batch_events` (section 6.5).
final class BatchEventsTest {

  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP);
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static String post(String events) throws IOException {
    return line(api.post("/batch_events", "{\"batch\":[" + events + "]}"));
  }

  private static String events(int from, int to, String channel) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(
            i -> "{\"channel\":\"" + channel + "\",\"name\":\"e" + i + "\",\"data\":\"" + i + "\"}")
        .collect(Collectors.joining(","));
  }

  @Test
  void tenEventsArriveInOrder() throws IOException {
    try (RawSocket socket = subscriber(node, "ordered")) {
      assertThat(post(events(1, 10, "ordered"))).isEqualTo("200 {}");
      for (int i = 1; i <= 10; i++) {
        assertThat(socket.nextText()).isEqualTo(frame("e" + i, "ordered", "\"" + i + "\""));
      }
    }
  }

  @Test
  void aBatchHasOneToTenEvents() throws IOException {
    try (RawSocket socket = subscriber(node, "counted")) {
      assertThat(post(events(1, 11, "counted")))
          .isEqualTo("400 Batch too large (11 > 10), the setting is max_batch_events");
      assertThat(post("")).isEqualTo("400 The batch has no events, it must have 1 to 10");
      assertThat(post(events(1, 1, "counted"))).isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e1", "counted", "\"1\""));
    }
  }

  @Test
  void infoIsReturnedByIndexWithoutGaps() throws IOException {
    try (RawSocket one = PlainApp.member(node, "presence-batch", "1");
        RawSocket two = PlainApp.member(node, "presence-batch", "1")) {
      assertThat(
              post(
                  "{\"channel\":\"empty\",\"name\":\"e1\",\"data\":\"1\"},"
                      + "{\"channel\":\"presence-batch\",\"name\":\"e2\",\"data\":\"2\","
                      + "\"info\":\"user_count,subscription_count\"},"
                      + "{\"channel\":\"empty\",\"name\":\"e3\",\"data\":\"3\","
                      + "\"info\":\"user_count,subscription_count\"},"
                      + "{\"channel\":\"empty\",\"name\":\"e4\",\"data\":\"4\",\"info\":\"\"}"))
          .isEqualTo(
              "200 {\"batch\":[{},{\"user_count\":1,\"subscription_count\":2},"
                  + "{\"subscription_count\":0},{}]}");
      assertThat(one.nextText()).isEqualTo(frame("e2", "presence-batch", "\"2\""));
      assertThat(two.nextText()).isEqualTo(frame("e2", "presence-batch", "\"2\""));
    }
  }

  @Test
  void eachEventMayExcludeADifferentSocket() throws IOException {
    try (RawSocket one = subscriber(node, "spared");
        RawSocket two = subscriber(node, "spared")) {
      String event = "{\"channel\":\"spared\",\"name\":\"%s\",\"data\":\"1\",\"socket_id\":\"%s\"}";
      assertThat(
              post(
                  event.formatted("not-one", one.socketId())
                      + ","
                      + event.formatted("not-two", two.socketId())))
          .isEqualTo("200 {}");
      assertThat(one.nextText()).isEqualTo(frame("not-two", "spared", "\"1\""));
      assertThat(two.nextText()).isEqualTo(frame("not-one", "spared", "\"1\""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":"e","data":"1"} | 400 Missing required parameter: channel (event 1 of the batch)
          {"name":"e","data":"1","channels":["a","b"]} | 400 Missing required parameter: channel (event 1 of the batch)
          {"channel":"a","data":"1"} | 400 Missing required parameter: name (event 1 of the batch)
          {"channel":"a","name":"e"} | 400 Missing required parameter: data (event 1 of the batch)
          {"channel":"a b","name":"e","data":"1"} | 400 Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ; (event 1 of the batch)
          {"channel":"a","name":"pusher:e","data":"1"} | 400 Invalid event name 'pusher:e': this prefix is reserved (event 1 of the batch)
          {"channel":"a","name":"e","data":"1","socket_id":"x"} | 400 Invalid socket_id: it must look like 123.456 (event 1 of the batch)
          {"channel":"a","name":"e","data":"1","info":"cache"} | 400 info should be a comma separated list of attributes: 'cache' is not one of user_count, subscription_count (event 1 of the batch)
          {"channel":1,"name":"e","data":"1"} | 400 Expected parameter channel to be a string
          "e" | 400 Expected parameter batch to be an array of objects
          """)
  void oneInvalidEventRefusesTheBatch(String bad, String answer) throws IOException {
    try (RawSocket socket = subscriber(node, "atomic")) {
      assertThat(post(events(1, 1, "atomic") + "," + bad + "," + events(2, 2, "atomic")))
          .isEqualTo(answer);
      api.publish("atomic", "marker", "1");
      assertThat(socket.nextText()).isEqualTo(frame("marker", "atomic", "\"1\""));
    }
  }

  @Test
  void tooMuchDataOfOneEventIs413() throws IOException {
    String large = "{\"channel\":\"a\",\"name\":\"e\",\"data\":\"" + "d".repeat(10_241) + "\"}";
    assertThat(post(events(1, 1, "a") + "," + large))
        .isEqualTo(
            "413 The data content of this event exceeds the allowed maximum (10240 bytes). It has"
                + " 10241 bytes; the setting is max_event_bytes (event 1 of the batch)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | 400 Missing required parameter: batch
          {"batch":null} | 400 Expected parameter batch to be an array
          {"batch":{}} | 400 Expected parameter batch to be an array
          [] | 400 Expected a JSON object
          `` | 400 Expected a JSON object
          """)
  void aBatchIsAnArray(String body, String answer) throws IOException {
    assertThat(line(api.post("/batch_events", body))).isEqualTo(answer);
  }

  @Test
  void channelsWithOneNameIsAccepted() throws IOException {
    try (RawSocket socket = subscriber(node, "listed")) {
      assertThat(post("{\"channels\":[\"listed\"],\"name\":\"e\",\"data\":{\"a\": 1}}"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "listed", "\"{\\\"a\\\":1}\""));
    }
  }
}
