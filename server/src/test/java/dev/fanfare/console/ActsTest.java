package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.login.Role;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator changes, byte by byte, and what the audit log says about it.
final class ActsTest {

  private static final String OF_APP = "/api/apps/1234";
  private static final String ANN = "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] ";

  private final ConsoleNode node =
      new ConsoleNode(
          TestNode.PARTS.withConsole(
              ConsoleNode.ON.withUsers(
                  List.of(
                      ConsoleNode.user("ann", Role.OPERATOR),
                      ConsoleNode.user("vic", Role.VIEWER)))),
          ConsoleNode.APP.withLimits(
              ConsoleNode.APP.limits().withMaxHttpEventsPerSecond(2).withMaxEventBytes(1_000)),
          ConsoleNode.OTHER);

  private final AuditLines audit = new AuditLines();
  private String ann = "";

  @BeforeEach
  void login() throws IOException {
    ann = node.login("ann");
  }

  @AfterEach
  void stop() {
    audit.close();
    node.close();
  }

  private String post(String path, String body) throws IOException {
    return node.post(OF_APP + path, body, ann).line();
  }

  private String get(String path) throws IOException {
    return node.request("GET", path, "", ann).line();
  }

  @Test
  void anEventIsPublishedAndTraced() throws IOException {
    try (RawSocket first = node.subscribed("a");
        RawSocket second = node.subscribed("a")) {
      assertThat(
              post(
                  "/publish",
                  "{\"channels\":[\"a\",\"b\"],\"event\":\"e\",\"data\":\"hush\",\"socket_id\":\""
                      + second.socketId()
                      + "\"}"))
          .isEqualTo(
              "200 {\"traces\":[{\"channel\":\"a\",\"trace\":\"1\"},{\"channel\":\"b\","
                  + "\"trace\":\"2\"}]}\n");
      assertThat(first.nextTextContaining("hush"))
          .isEqualTo("{\"event\":\"e\",\"channel\":\"a\",\"data\":\"hush\"}");
      assertThat(get(OF_APP + "/traces/1"))
          .contains("\"address\":\"127.0.0.1\",\"channel\":\"a\",\"event\":\"e\"")
          .contains("\"origin\":\"api\"", "\"reached\":1,\"excluded\":1");
      assertThat(audit.all())
          .containsExactly(ANN + "login: accepted", ANN + "publish app 1234, e to a b: done");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | Missing required parameter: event",
        "{\"event\":\"e\"} | 400 | Missing required parameter: data",
        "{\"event\":\"e\",\"data\":\"d\"} | 400 | Missing required parameter: channel",
        "{\"event\":1} | 400 | Expected parameter event to be a string",
        "{\"channels\":\"a\"} | 400 | Expected parameter channels to be an array",
        "[] | 400 | Expected a JSON object"
      })
  void whatCannotBePublishedIsNot(String body, int status, String reason) throws IOException {
    assertThat(post("/publish", body)).isEqualTo(status + " {\"error\":\"" + reason + "\"}");
    assertThat(audit.all().getLast()).startsWith(ANN + "publish app 1234").endsWith(": " + reason);
  }

  /// The HTTP API's limits and its words.
  @Test
  void theLimitsOfTheAppHold() throws IOException {
    String body = "{\"channels\":[\"a\"],\"event\":\"e\",\"data\":\"";
    assertThat(post("/publish", body + "x".repeat(1_001) + "\"}"))
        .isEqualTo(
            "413 {\"error\":\"The data content of this event exceeds the allowed maximum (1000"
                + " bytes). It has 1001 bytes; the setting is max_event_bytes\"}");
    assertThat(post("/publish", body.replace("[\"a\"]", "[\"a\",\"b\",\"c\"]") + "\"}"))
        .isEqualTo(
            "400 {\"error\":\"Over quota: this request counts as 3 events, one for each channel of"
                + " each event; at most 2 are allowed per second (max_http_events_per_second)\"}");
  }

  @Test
  void aServerThatMayPublishMayDoSoHere() throws IOException {
    String path = OF_APP + "/publish";
    String body = "{\"channels\":[\"a\"],\"event\":\"e\",\"data\":\"d\"}";
    long now = System.currentTimeMillis() / 1_000;
    String query = Api.signedQuery(ConsoleNode.APP, "POST", path, "", body, now);
    assertThat(node.post(path + "?" + query, body).line())
        .isEqualTo("200 {\"traces\":[{\"channel\":\"a\",\"trace\":\"1\"}]}\n");
    assertThat(node.post(path + "?" + query, body.replace("\"d\"", "\"x\"")).line())
        .startsWith("401 ");
    String close = OF_APP + "/connections/1.2/close";
    String signed = Api.signedQuery(ConsoleNode.APP, "POST", close, "", "{}", now);
    assertThat(node.post(close + "?" + signed, "{}").line())
        .isEqualTo("403 {\"error\":\"A signature is not enough for this: log in\"}");
    assertThat(audit.all().get(1))
        .isEqualTo(
            "[who=\"app 1234\", role=\"viewer\", address=\"127.0.0.1\"] publish app 1234, e to a:"
                + " done");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"4200 | Closed by an operator, please reconnect", "4009 | Closed by an operator"})
  void aConnectionIsClosed(int code, String reason) throws IOException {
    try (RawSocket socket = node.connect()) {
      String path = "/connections/" + socket.socketId() + "/close";
      assertThat(post(path, "{\"code\":" + code + "}")).isEqualTo("200 {\"closed\":true}\n");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":"
                  + code
                  + ",\"message\":\""
                  + reason
                  + "\"}}");
      assertThat(socket.nextClose().closeCode()).isEqualTo(code);
      assertThat(audit.all().getLast())
          .isEqualTo(
              ANN + "close app 1234, connection " + socket.socketId() + " with " + code + ": done");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"code\":1000}", "{\"code\":\"4200\"}", "{\"code\":4200.0}"})
  void otherCodesAreNotSent(String body) throws IOException {
    assertThat(post("/connections/1.2/close", body))
        .isEqualTo(
            "400 {\"error\":\"code must be 4200 (the client reconnects) or 4009 (it does not)\"}");
  }

  @Test
  void onlyConnectionsOfTheAppAreClosed() throws IOException {
    try (RawSocket other = RawSocket.established(node.node().port(), ConsoleNode.OTHER.key())) {
      assertThat(post("/connections/" + other.socketId() + "/close", "{\"code\":4200}"))
          .isEqualTo("404 {\"error\":\"This node has no connection " + other.socketId() + "\"}");
      other.expectNothing();
    }
  }

  @Test
  void aUserIsShownAndTerminated() throws IOException {
    try (RawSocket first = node.connect();
        RawSocket second = node.connect()) {
      first.signIn(ConsoleNode.APP, "{\"id\":\"7\"}");
      first.nextTextContaining("signin_success");
      assertThat(get(OF_APP + "/users/7"))
          .startsWith("200 {\"user\":\"7\",\"total\":1,\"connections\":[{\"socket_id\":\"")
          .contains("\"user\":\"7\",", first.socketId())
          .doesNotContain(second.socketId());
      assertThat(post("/users/7/terminate", "{}")).isEqualTo("200 {\"connections\":1}\n");
      assertThat(first.nextText())
          .isEqualTo(
              "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,\"message\":\"You got"
                  + " disconnected by the app.\"}}");
      assertThat(first.nextClose().closeCode()).isEqualTo(4009);
      second.expectNothing();
    }
    assertThat(post("/users/8/terminate", "{}")).isEqualTo("200 {\"connections\":0}\n");
    assertThat(post("/users/%3Cb%3E/terminate", "{}"))
        .startsWith("400 {\"error\":\"Invalid user id: it must have 1 to ");
    assertThat(get(OF_APP + "/users/8"))
        .isEqualTo("200 {\"user\":\"8\",\"total\":0,\"connections\":[]}\n");
    assertThat(audit.all().subList(1, 3))
        .containsExactly(
            ANN + "terminate app 1234, user 7: done", ANN + "terminate app 1234, user 8: done");
  }

  @Test
  void aViewerChangesNothing() throws IOException {
    String vic = node.login("vic");
    RawHttp.Answer answer = node.post(OF_APP + "/publish", "{}", vic);
    assertThat(answer.line())
        .isEqualTo("403 {\"error\":\"This needs the role operator, but yours is viewer\"}");
    assertThat(audit.all().getLast())
        .isEqualTo(
            "[who=\"vic\", role=\"viewer\", address=\"127.0.0.1\"] POST /api/apps/{app}/publish:"
                + " This needs the role operator, but yours is viewer");
  }

  @Test
  void aChangeFromAnotherPlaceIsNoted() throws IOException {
    String target = OF_APP + "/publish";
    assertThat(node.request("POST", target, "{}", ann, "Content-Type: text/plain").status())
        .isEqualTo(403);
    assertThat(audit.all().getLast())
        .isEqualTo(
            "[who=\"unknown\", address=\"127.0.0.1\"] POST /api/apps/{app}/publish: A change needs"
                + " the header Content-Type: application/json");
  }

  @Test
  void theAppsThatMayBeSeenAreListed() throws IOException {
    try (RawSocket _ = node.subscribed("a")) {
      assertThat(get("/api/apps"))
          .isEqualTo(
              "200 {\"apps\":[{\"id\":\"1234\",\"enabled\":true,\"connections\":1,\"channels\":1},"
                  + "{\"id\":\"2\",\"enabled\":true,\"connections\":0,\"channels\":0}]}\n");
      assertThat(node.send("/api/apps", "").body())
          .isEqualTo(
              "{\"apps\":[{\"id\":\"1234\",\"enabled\":true,\"connections\":1,\"channels\":1}]}\n");
    }
  }
}
