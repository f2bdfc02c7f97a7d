package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.member;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Requests exactly as the server SDKs of section 6.11 send them: their order of parameters and
/// fields, their escapes, their headers.
final class SdkRequestsTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String auth() {
    return "auth_key="
        + PlainApp.APP.key()
        + "&auth_timestamp="
        + System.currentTimeMillis() / 1_000
        + "&auth_version=1.0";
  }

  private static String md5(String body) {
    return "body_md5=" + Signature.md5(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(String method, String path, String query) {
    String toSign = Signature.request(method, path, query);
    return "auth_signature=" + PlainApp.APP.secret().signature().sign(toSign);
  }

  private static String send(String method, String target, String body, String... headers)
      throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      RawHttp.Answer answer = http.send(RawHttp.request(method, target, body, headers)).next();
      return answer.line();
    }
  }

  /// A publish in the order that most SDKs share: what was signed, then the signature.
  private static String publish(String body, String... headers) throws IOException {
    String path = "/apps/3/events";
    String query = auth() + "&" + md5(body);
    return send("POST", path + "?" + query + "&" + signature("POST", path, query), body, headers);
  }

  @Test
  void nodeSendsParametersLast() throws IOException {
    try (RawSocket socket = subscriber(node, "node")) {
      assertThat(
              publish(
                  "{\"name\":\"e\",\"data\":\"{\\\"a\\\":\\\"é/b\\\"}\",\"channels\":[\"node\"],"
                      + "\"info\":\"subscription_count\"}",
                  "content-type: application/json",
                  "x-pusher-library: pusher-http-node 5.3.4",
                  "accept: */*",
                  "connection: close"))
          .isEqualTo("200 {\"channels\":{\"node\":{\"subscription_count\":1}}}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "node", "\"{\\\"a\\\":\\\"é/b\\\"}\""));
    }
  }

  @Test
  void nodeAsksWithoutEscapingAndSignsBeforeItsHttpLayerEscapes() throws IOException {
    try (RawSocket _ = member(node, "presence-n", "1")) {
      String query = auth() + "&info=user_count,subscription_count";
      String path = "/apps/3/channels/presence-n";
      assertThat(send("GET", path + "?" + query + "&" + signature("GET", path, query), ""))
          .isEqualTo("200 {\"occupied\":true,\"user_count\":1,\"subscription_count\":1}");
      String user = "/apps/3/users/u 1é/terminate_connections";
      String signed = auth() + "&" + md5("{}");
      String sent = user.replace(" ", "%20").replace("é", "%C3%A9");
      assertThat(send("POST", sent + "?" + signed + "&" + signature("POST", user, signed), "{}"))
          .as("a valid signature, but an invalid user id")
          .startsWith("400 Invalid user id");
    }
  }

  @Test
  void javaSendsInHashOrderAndEscapesAndEncodesStringsTwice() throws IOException {
    try (RawSocket socket = subscriber(node, "java")) {
      String body = "{\"channels\":[\"java\"],\"name\":\"e\",\"data\":\"\\\"plain\\\"\"}";
      String path = "/apps/3/events";
      String signature = signature("POST", path, auth() + "&" + md5(body));
      String[] auth = auth().split("&", -1);
      String query = String.join("&", auth[2], signature, auth[0], md5(body), auth[1]);
      assertThat(
              send(
                  "POST",
                  path + "?" + query,
                  body,
                  "Content-Type: application/json; charset=UTF-8"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "java", "\"\\\"plain\\\"\""));
      String channel = "/apps/3/channels/java";
      String asked =
          signature("GET", channel, auth() + "&info=subscription_count,subscription_count");
      assertThat(
              send(
                  "GET",
                  channel + "?info=subscription_count%2Csubscription_count&" + asked + "&" + auth(),
                  ""))
          .isEqualTo("200 {\"occupied\":true,\"subscription_count\":1}");
    }
  }

  @Test
  void phpAndLaravelSendOneChannelAsAStringAndEscapeEverything() throws IOException {
    try (RawSocket socket = subscriber(node, "orders.1")) {
      assertThat(
              publish(
                  "{\"name\":\"App\\\\Events\\\\Shipped\",\"data\":\"{\\\"url\\\":\\\"http:\\\\\\/\\\\"
                      + "\\/x\\\",\\\"who\\\":\\\"\\\\u00e9\\\"}\",\"channel\":\"orders.1\"}",
                  "Content-Type: application/json",
                  "X-Pusher-Library: pusher-http-php 7.2.6",
                  "User-Agent: GuzzleHttp/7"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText())
          .isEqualTo(
              frame(
                  "App\\\\Events\\\\Shipped",
                  "orders.1",
                  "\"{\\\"url\\\":\\\"http:\\\\/\\\\/x\\\",\\\"who\\\":\\\"\\\\u00e9\\\"}\""));
      String path = "/apps/3/channels";
      String signed = auth() + "&filter_by_prefix=none&x=a,b";
      String sent = auth() + "&filter_by_prefix=none&x%5B0%5D=a&x%5B1%5D=b";
      assertThat(
              send(
                  "GET",
                  path + "?" + sent + "&" + signature("GET", path, signed),
                  "",
                  "Content-Type: application/json"))
          .isEqualTo("200 {\"channels\":{}}");
    }
  }

  @Test
  void pythonHashesTheBodyThatAGetDoesNotHave() throws IOException {
    String path = "/apps/3/channels";
    String query =
        auth() + "&body_md5=d41d8cd98f00b204e9800998ecf8427e&filter_by_prefix=presence-none";
    assertThat(
            send(
                "GET",
                path + "?" + query + "&" + signature("GET", path, query),
                "",
                "X-Pusher-Library: pusher-http-python 3.3.3",
                "Accept-Encoding: gzip, deflate"))
        .isEqualTo("200 {\"channels\":{}}");
  }

  @Test
  void rubySendsItsParametersFirstAndArraysWithEmptyBrackets() throws IOException {
    try (RawSocket socket = subscriber(node, "ruby")) {
      assertThat(
              publish(
                  "{\"socket_id\":\"1.1\",\"name\":\"e\",\"channels\":[\"ruby\"],\"data\":\"1\"}"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText()).isEqualTo(frame("e", "ruby", "\"1\""));
      String path = "/apps/3/channels";
      String signed = auth() + "&x[]=a&x[]=b";
      String sent = signed.replace("[]", "%5B%5D");
      assertThat(send("GET", path + "?" + sent + "&" + signature("GET", path, signed), ""))
          .startsWith("200 {\"channels\":{");
    }
  }

  @Test
  void goSendsItsFieldsByTheAlphabet() throws IOException {
    try (RawSocket socket = subscriber(node, "go")) {
      assertThat(
              publish(
                  "{\"channels\":[\"go\"],\"data\":\"{\\\"a\\\":\\\"\\\\u003cb\\\\u003e\\\"}\","
                      + "\"name\":\"e\",\"socket_id\":\"1.1\"}",
                  "Content-Type: application/json",
                  "X-Pusher-Library: pusher-http-go 5.1.1"))
          .isEqualTo("200 {}");
      assertThat(socket.nextText())
          .isEqualTo(frame("e", "go", "\"{\\\"a\\\":\\\"\\\\u003cb\\\\u003e\\\"}\""));
    }
  }
}
