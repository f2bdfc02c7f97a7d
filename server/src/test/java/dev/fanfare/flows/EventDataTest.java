package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An event's data passes unchanged from the request to the frame (section 1.3, rule 1), and a
/// request's parameters may be in the query.
final class EventDataTest {

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

  /// Each row: JSON of `data` in the request, JSON of `data` in the frame.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "hello" | "hello"
          "" | ""
          " " | " "
          "{\\"b\\":1.50,\\"a\\": 1}" | "{\\"b\\":1.50,\\"a\\": 1}"
          "\\"plain\\"" | "\\"plain\\""
          "{\\"url\\":\\"http:\\\\/\\\\/x\\"}" | "{\\"url\\":\\"http:\\\\/\\\\/x\\"}"
          "a\\/b" | "a/b"
          "gr\\u00fc\\u00dfe \\u2713" | "grüße ✓"
          "grüße ✓" | "grüße ✓"
          "\\ud83d\\ude00" | "😀"
          "😀" | "😀"
          "\\"\\\\ud83d\\\\ude00\\"" | "\\"\\\\ud83d\\\\ude00\\""
          "half \\ud83d" | "half \\ud83d"
          "a\\tb\\r\\nc\\\\d" | "a\\tb\\r\\nc\\\\d"
          "nul \\u0000, bell \\u0007" | "nul \\u0000, bell \\u0007"
          "<script>&'" | "<script>&'"
          """)
  void aStringIsForwardedUnchanged(String sent, String received) throws IOException {
    expect("strings", sent, received);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"b": 1.50, "a": [1, null, "x"]} | "{\\"b\\":1.50,\\"a\\":[1,null,\\"x\\"]}"
          {} | "{}"
          [1, 2] | "[1,2]"
          1.50 | "1.50"
          1e400 | "1e400"
          12345678901234567890 | "12345678901234567890"
          true | "true"
          {"e":"\\u00e9"} | "{\\"e\\":\\"é\\"}"
          """)
  void otherValuesAreSerializedOnce(String sent, String received) throws IOException {
    expect("others", sent, received);
  }

  private static void expect(String channel, String sent, String received) throws IOException {
    try (RawSocket socket = subscriber(node, channel)) {
      String body = "{\"name\":\"e\",\"channels\":[\"" + channel + "\"],\"data\":" + sent + "}";
      assertThat(line(api.post("/events", body))).isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", channel, received));
    }
  }

  @Test
  void ciphertextIsForwardedUnchanged() throws IOException {
    String channel = "private-encrypted-x";
    String data = "\"{\\\"nonce\\\":\\\"4a+/==\\\",\\\"ciphertext\\\":\\\"b/+=\\\"}\"";
    try (RawSocket socket = node.connect()) {
      socket.subscribePrivate(PlainApp.APP, channel);
      socket.nextTextContaining("subscription_succeeded");
      String body = "{\"name\":\"e\",\"channels\":[\"" + channel + "\"],\"data\":" + data + "}";
      assertThat(line(api.post("/events", body))).isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", channel, data));
    }
  }

  @Test
  void anEventForAUserGoesToItsSignedInConnections() throws IOException {
    try (RawSocket phone = signedIn("12345");
        RawSocket tablet = signedIn("12345");
        RawSocket other = signedIn("12346")) {
      api.publish("#server-to-user-12345", "ev", "{\\\"x\\\":1}");
      api.publish("#server-to-user-12346", "marker", "1");
      String frame = frame("ev", "#server-to-user-12345", "\"{\\\"x\\\":1}\"");
      assertThat(phone.nextText()).isEqualTo(frame);
      assertThat(tablet.nextText()).isEqualTo(frame);
      assertThat(other.nextText()).isEqualTo(frame("marker", "#server-to-user-12346", "\"1\""));
    }
  }

  private static RawSocket signedIn(String userId) throws IOException {
    RawSocket socket = node.connect();
    socket.signIn(PlainApp.APP, "{\"id\":\"" + userId + "\"}");
    socket.nextTextContaining("signin_success");
    socket.subscribe("#server-to-user-" + userId);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name=e&data=d+d&channels%5B%5D=query&channels%5B%5D=query2 | ``
          name=e&data=d%20d&channels[]=query&channels[]=query2 | ``
          name=e&data=d%20d&channels[0]=query&channels[1]=query2 | ``
          name=e&data=d%20d&channel=query | ``
          name=e&data=d%20d | {"channels":["query"]}
          channel=query | {"name":"e","data":"d d"}
          name=loses&data=loses&channels[]=loses | {"name":"e","data":"d d","channel":"query"}
          """)
  void parametersMissingInTheBodyMayBeInTheQuery(String query, String body) throws IOException {
    try (RawSocket socket = subscriber(node, "query")) {
      assertThat(line(send(query, body))).isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "query", "\"d d\""));
    }
  }

  @Test
  void socketIdAndInfoMayBeInTheQuery() throws IOException {
    String body = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"query\"}";
    try (RawSocket sender = subscriber(node, "query");
        RawSocket other = subscriber(node, "query")) {
      assertThat(line(send("info=subscription_count&socket_id=" + sender.socketId(), body)))
          .isEqualTo("200 {\"channels\":{\"query\":{\"subscription_count\":2}}}");
      api.publish("query", "marker", "1");
      assertThat(sender.nextText()).contains("marker");
      assertThat(other.nextText()).isEqualTo(frame("e", "query", "\"1\""));
    }
  }

  private static HttpResponse<String> send(String query, String body) throws IOException {
    String escaped = query.replace("[", "%5B").replace("]", "%5D");
    return api.send("POST", "/apps/3/events", escaped, body);
  }
}
