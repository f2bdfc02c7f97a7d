package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /apps/ID/channels/NAME/events?name=EVENT` (section 6.10): the body is the data.
final class OldEndpointTest {

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

  private static String post(String channel, String query, String body) throws IOException {
    return line(api.send("POST", "/apps/3/channels/" + channel + "/events", query, body));
  }

  @Test
  void theBodyIsTheDataVerbatim() throws IOException {
    try (RawSocket socket = subscriber(node, "a;b")) {
      assertThat(post("a;b", "name=my-event", "{\"a\": 1.50, \"é\":\"\\u00e9\"}"))
          .isEqualTo("202 202 ACCEPTED\n");
      assertThat(socket.nextText())
          .isEqualTo(
              frame("my-event", "a;b", "\"{\\\"a\\\": 1.50, \\\"é\\\":\\\"\\\\u00e9\\\"}\""));
      assertThat(post("a;b", "name=empty", "")).isEqualTo("202 202 ACCEPTED\n");
      assertThat(socket.nextText()).isEqualTo(frame("empty", "a;b", "\"\""));
    }
  }

  @Test
  void theNamedSocketGetsNoCopy() throws IOException {
    try (RawSocket sender = subscriber(node, "old");
        RawSocket other = subscriber(node, "old")) {
      assertThat(post("old", "name=e&socket_id=" + sender.socketId(), "1"))
          .isEqualTo("202 202 ACCEPTED\n");
      assertThat(post("old", "name=marker", "2")).isEqualTo("202 202 ACCEPTED\n");
      assertThat(other.nextText()).isEqualTo(frame("e", "old", "\"1\""));
      assertThat(sender.nextText()).isEqualTo(frame("marker", "old", "\"2\""));
    }
  }

  /// The Perl SDK sends and signs `socket_id` without a value.
  @ParameterizedTest
  @ValueSource(strings = {"&socket_id", "&socket_id="})
  void aSocketIdWithoutAValueIsNone(String socketId) throws IOException {
    String path = "/apps/3/channels/old/events";
    String query =
        "auth_key="
            + PlainApp.APP.key()
            + "&auth_timestamp="
            + System.currentTimeMillis() / 1_000
            + "&auth_version=1.0&body_md5="
            + Signature.md5(new byte[] {'1'})
            + "&name=e"
            + socketId;
    String toSign = Signature.request("POST", path, query);
    String target =
        path + "?" + query + "&auth_signature=" + PlainApp.APP.secret().signature().sign(toSign);
    try (RawSocket socket = subscriber(node, "old");
        RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(RawHttp.request("POST", target, "1")).next().line())
          .isEqualTo("202 202 ACCEPTED\n");
      assertThat(socket.nextText()).isEqualTo(frame("e", "old", "\"1\""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          old | '' | 400 Missing required parameter: name
          old | name= | 400 Missing required parameter: name
          old | name=pusher:x | 400 Invalid event name 'pusher:x': this prefix is reserved
          old | name=e&socket_id=x | 400 Invalid socket_id: it must look like 123.456
          a%20b | name=e | 400 Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;
          """)
  void theRulesOfEventsApply(String channel, String query, String answer) throws IOException {
    assertThat(post(channel, query, "1")).isEqualTo(answer);
  }

  @Test
  void theLimitOfDataApplies() throws IOException {
    assertThat(post("old", "name=e", "d".repeat(10_240))).isEqualTo("202 202 ACCEPTED\n");
    assertThat(post("old", "name=e", "d".repeat(10_241)))
        .startsWith("413 The data content of this event exceeds the allowed maximum (10240 bytes)");
  }
}
