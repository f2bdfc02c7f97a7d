package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.testing.TestNodes;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /apps/ID/events` (section 6.4): bodies as SDKs send them, answers, and what subscribers
/// receive.
@ParameterizedClass(name = "nodes={0}")
@ValueSource(ints = {1, 2})
final class EventsApiTest {

  @Parameter int count;

  private static TestNodes nodes;
  private static TestNode node;
  private static Api api;

  /// For answers with counts, which are those of one node.
  private static Api local;

  /// Subscribers are on the first node, publishers use the last.
  @BeforeParameterizedClassInvocation
  static void start(int count) {
    nodes = TestNodes.start(count, PlainApp.APP, PlainApp.OTHER);
    node = nodes.first();
    api = new Api(nodes.last());
    local = new Api(node);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
    local.close();
    nodes.close();
  }

  private static String post(String body) throws IOException {
    return line(api.post("/events", body));
  }

  private static String postLocally(String body) throws IOException {
    return line(local.post("/events", body));
  }

  /// Fails if anything else arrives first.
  private static void expectOnlyMarker(RawSocket socket, String channel) throws IOException {
    api.publish(channel, "marker", "1");
    assertThat(socket.nextText()).isEqualTo(frame("marker", channel, "\"1\""));
  }

  @Test
  void anEventReachesEverySubscriberOfEachOfItsChannels() throws IOException {
    try (RawSocket first = subscriber(node, "one");
        RawSocket both = subscriber(node, "one", "two")) {
      assertThat(
              post(
                  "{\"name\":\"my-event\",\"channels\":[\"one\",\"two\"],"
                      + "\"data\":\"{\\\"hello\\\":\\\"world\\\"}\"}"))
          .isEqualTo("200 {}");
      String data = "\"{\\\"hello\\\":\\\"world\\\"}\"";
      assertThat(first.nextText()).isEqualTo(frame("my-event", "one", data));
      assertThat(both.nextText()).isEqualTo(frame("my-event", "one", data));
      assertThat(both.nextText()).isEqualTo(frame("my-event", "two", data));
      expectOnlyMarker(first, "one");
    }
  }

  @Test
  void oneChannelAsAStringAsPhpAndLaravelSendIt() throws IOException {
    try (RawSocket socket = subscriber(node, "php")) {
      assertThat(post("{\"name\":\"e\",\"data\":\"1\",\"channel\":\"php\"}")).isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "php", "\"1\""));
    }
  }

  @Test
  void channelsTakesPrecedenceOverChannel() throws IOException {
    try (RawSocket winner = subscriber(node, "winner");
        RawSocket loser = subscriber(node, "loser")) {
      String names = "\"channel\":\"loser\",\"channels\":[\"winner\"]";
      assertThat(post("{\"name\":\"e\",\"data\":\"1\"," + names + "}")).isEqualTo("200 {}");
      assertThat(winner.nextText()).isEqualTo(frame("e", "winner", "\"1\""));
      expectOnlyMarker(loser, "loser");
    }
  }

  @Test
  void nullsOfAnSdkCountAsAbsent() throws IOException {
    try (RawSocket socket = subscriber(node, "nulls")) {
      assertThat(
              post(
                  "{\"name\":\"e\",\"data\":\"1\",\"channels\":null,\"channel\":\"nulls\","
                      + "\"socket_id\":null,\"info\":null,\"unknown\":{\"a\":[1]}}"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "nulls", "\"1\""));
    }
  }

  @Test
  void aChannelNamedTwiceCountsOnce() throws IOException {
    try (RawSocket socket = subscriber(node, "twice")) {
      String names =
          IntStream.range(0, 150).mapToObj(i -> "\"twice\"").collect(Collectors.joining(","));
      assertThat(
              postLocally(
                  "{\"name\":\"e\",\"data\":\"1\",\"info\":\"subscription_count\",\"channels\":["
                      + names
                      + "]}"))
          .isEqualTo("200 {\"channels\":{\"twice\":{\"subscription_count\":1}}}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "twice", "\"1\""));
      expectOnlyMarker(socket, "twice");
    }
  }

  @Test
  void theNamedSocketGetsNoCopy() throws IOException {
    try (RawSocket sender = subscriber(node, "exclusive");
        RawSocket other = subscriber(node, "exclusive")) {
      String event = "{\"name\":\"e\",\"channels\":[\"exclusive\"],\"data\":\"1\",\"socket_id\":";
      assertThat(post(event + "\"" + sender.socketId() + "\"}")).isEqualTo("200 {}");
      assertThat(other.nextText()).isEqualTo(frame("e", "exclusive", "\"1\""));
      expectOnlyMarker(sender, "exclusive");
      other.nextTextContaining("marker");
      assertThat(post(event + "\"1.1\"}")).as("of no connection").isEqualTo("200 {}");
      assertThat(sender.nextText()).isEqualTo(frame("e", "exclusive", "\"1\""));
      assertThat(other.nextText()).isEqualTo(frame("e", "exclusive", "\"1\""));
    }
  }

  @Test
  void anotherAppReceivesNothing() throws IOException {
    try (RawSocket here = subscriber(node, "shared");
        RawSocket there = RawSocket.established(node.port(), PlainApp.OTHER.key());
        Api others = new Api(nodes.last().port(), PlainApp.OTHER)) {
      there.subscribe("shared");
      there.nextTextContaining("subscription_succeeded");
      api.publish("shared", "e", "1");
      others.publish("shared", "marker", "1");
      assertThat(here.nextText()).isEqualTo(frame("e", "shared", "\"1\""));
      assertThat(there.nextText()).isEqualTo(frame("marker", "shared", "\"1\""));
    }
  }

  @Test
  void infoIsAnsweredForEachDistinctChannel() throws IOException {
    try (RawSocket phone = PlainApp.member(node, "presence-info", "10");
        RawSocket tablet = PlainApp.member(node, "presence-info", "10");
        RawSocket other = PlainApp.member(node, "presence-info", "11");
        RawSocket public1 = subscriber(node, "info")) {
      String event =
          "{\"name\":\"e\",\"data\":\"1\",\"channels\":[\"presence-info\",\"info\",\"empty\"],";
      assertThat(postLocally(event + "\"info\":\"user_count,subscription_count\"}"))
          .isEqualTo(
              "200 {\"channels\":{\"presence-info\":{\"user_count\":2,\"subscription_count\":3},"
                  + "\"info\":{\"subscription_count\":1},\"empty\":{\"subscription_count\":0}}}");
      assertThat(postLocally(event + "\"info\":\"user_count\"}"))
          .isEqualTo(
              "200 {\"channels\":{\"presence-info\":{\"user_count\":2},"
                  + "\"info\":{},\"empty\":{}}}");
      assertThat(postLocally(event + "\"info\":\" subscription_count , \"}"))
          .contains("\"presence-info\":{\"subscription_count\":3}");
      assertThat(postLocally(event + "\"info\":\"\"}")).isEqualTo("200 {}");
      assertThat(public1.nextText()).isEqualTo(frame("e", "info", "\"1\""));
      assertThat(phone.socketId()).isNotEqualTo(tablet.socketId());
      assertThat(other.nextText()).contains("\"e\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | 400 Missing required parameter: name
          {"name":"e"} | 400 Missing required parameter: data
          {"name":"e","data":null,"channels":["a"]} | 400 Missing required parameter: data
          {"name":null,"data":"1","channels":["a"]} | 400 Missing required parameter: name
          {"name":"e","data":"1"} | 400 Missing required parameter: channel
          {"name":"e","data":"1","channels":[]} | 400 Missing required parameter: channel
          {"name":1,"data":"1","channels":["a"]} | 400 Expected parameter name to be a string
          {"name":"e","data":"1","channels":"a"} | 400 Expected parameter channels to be an array
          {"name":"e","data":"1","channels":[1]} | 400 Expected parameter channels to be an array of strings
          {"name":"e","data":"1","channel":["a"]} | 400 Expected parameter channel to be a string
          {"name":"e","data":"1","channels":["a"],"socket_id":1.2} | 400 Expected parameter socket_id to be a string
          {"name":"e","data":"1","channels":["a"],"socket_id":"1"} | 400 Invalid socket_id: it must look like 123.456
          {"name":"e","data":"1","channels":["a"],"info":["user_count"]} | 400 Expected parameter info to be a string
          {"name":"e","data":"1","channels":["a"],"info":"users"} | 400 info should be a comma separated list of attributes: 'users' is not one of user_count, subscription_count
          {"name":"e","data":"1","channels":["a"],"info":"cache"} | 400 info should be a comma separated list of attributes: 'cache' is not one of user_count, subscription_count
          {"name":"pusher:x","data":"1","channels":["a"]} | 400 Invalid event name 'pusher:x': this prefix is reserved
          {"name":"pusher_internal:x","data":"1","channels":["a"]} | 400 Invalid event name 'pusher_internal:x': this prefix is reserved
          {"name":"e","data":"1","channels":["a b"]} | 400 Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;
          [] | 400 Expected a JSON object
          "e" | 400 Expected a JSON object
          null | 400 Expected a JSON object
          {"name":"e"} {} | 400 Unexpected text after the JSON object
          """)
  void anInvalidRequestIsRefusedWithAReason(String body, String answer) throws IOException {
    assertThat(post(body)).isEqualTo(answer);
  }

  /// Rails and Perl applications send empty strings for what they do not set.
  @Test
  void anEmptyFieldCountsAsAbsent() throws IOException {
    try (RawSocket socket = subscriber(node, "empty")) {
      assertThat(
              post(
                  "{\"name\":\"e\",\"data\":\"\",\"channel\":\"empty\",\"socket_id\":\"\",\"info\":\"\"}"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "empty", "\"\""));
    }
    assertThat(post("{\"name\":\"\",\"data\":\"1\",\"channel\":\"a\"}"))
        .isEqualTo("400 Missing required parameter: name");
    assertThat(post("{\"name\":\"e\",\"data\":\"1\",\"channel\":\"\"}"))
        .isEqualTo("400 Missing required parameter: channel");
  }

  @Test
  void aBodyThatIsNotJsonIsABadRequest() throws IOException {
    for (String body : new String[] {"name=e&data=1", "{", "{\"name\":\"e\",}", "\u0000\u0000"}) {
      assertThat(post(body)).startsWith("400 ");
    }
  }

  @Test
  void limitsAreExact() throws IOException {
    String start = "{\"name\":\"e\",\"channels\":[\"edge\"],\"data\":\"";
    try (RawSocket socket = subscriber(node, "edge")) {
      assertThat(post(start + "d".repeat(10_240) + "\"}")).isEqualTo("200 {}");
      assertThat(socket.nextText()).hasSize(10_240 + frame("e", "edge", "\"\"").length());
      assertThat(post(start + "d".repeat(10_241) + "\"}"))
          .isEqualTo(
              "413 The data content of this event exceeds the allowed maximum (10240 bytes)."
                  + " It has 10241 bytes; the setting is max_event_bytes");
      expectOnlyMarker(socket, "edge");
    }
    String names =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> "\"c" + i + "\"")
            .collect(Collectors.joining(","));
    String event = "{\"name\":\"e\",\"data\":\"1\",\"channels\":[" + names;
    assertThat(post(event + "]}")).isEqualTo("200 {}");
    assertThat(post(event + ",\"c101\"]}"))
        .isEqualTo("400 The event has 101 channels, the limit is 100 (max_channels_per_event)");
  }
}
