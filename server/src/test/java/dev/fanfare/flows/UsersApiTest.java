package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /apps/ID/users/USER/terminate_connections` (sections 4.3, 6.9).
final class UsersApiTest {

  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP, PlainApp.OTHER);
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static RawSocket signedIn(String userId) throws IOException {
    RawSocket socket = node.connect();
    socket.signIn(PlainApp.APP, "{\"id\":\"" + userId + "\"}");
    socket.nextTextContaining("signin_success");
    return socket;
  }

  private static String terminate(String userId) throws IOException {
    return line(api.post("/users/" + userId + "/terminate_connections", "{}"));
  }

  private static void expectTermination(RawSocket socket) throws IOException {
    assertThat(socket.nextText())
        .isEqualTo(
            "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,"
                + "\"message\":\"You got disconnected by the app.\"}}");
    RawSocket.Frame close = socket.nextFrame();
    assertThat(close.closeCode()).isEqualTo(4009);
    assertThat(close.closeReason()).isEqualTo("You got disconnected by the app.");
  }

  @Test
  void everyConnectionOfTheUserIsClosedAndNoOther() throws IOException {
    try (RawSocket phone = signedIn("12345");
        RawSocket tablet = signedIn("12345");
        RawSocket other = signedIn("12346");
        RawSocket onlyPresent = member(node, "presence-x", "12345")) {
      assertThat(terminate("12345")).isEqualTo("200 {}");
      expectTermination(phone);
      expectTermination(tablet);
      other.expectNothing();
      onlyPresent.expectNothing();
    }
  }

  @Test
  void aUserOfAnotherAppIsAnotherUser() throws IOException {
    try (RawSocket here = signedIn("same");
        Api others = new Api(node.port(), PlainApp.OTHER)) {
      assertThat(line(others.post("/users/same/terminate_connections", "{}"))).isEqualTo("200 {}");
      here.expectNothing();
      assertThat(terminate("same")).isEqualTo("200 {}");
      expectTermination(here);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b;c=@d.e", "a%2Cb%3Bc%3D%40d.e"})
  void aUserIdMayBeEscaped(String inPath) throws IOException {
    try (RawSocket socket = signedIn("a,b;c=@d.e")) {
      assertThat(terminate(inPath)).isEqualTo("200 {}");
      expectTermination(socket);
    }
  }

  @Test
  void aUserWithoutConnectionsAndAMissingBodyAreAccepted() throws IOException {
    assertThat(terminate("absent")).isEqualTo("200 {}");
    assertThat(line(api.post("/users/absent/terminate_connections", ""))).isEqualTo("200 {}");
    assertThat(line(api.post("/users/absent/terminate_connections", "anything")))
        .isEqualTo("200 {}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"u%201", "%C3%A9", "", "a%2Fb"})
  void anInvalidUserIdIsABadRequest(String userId) throws IOException {
    assertThat(terminate(userId))
        .isEqualTo(
            "400 Invalid user id: it must have 1 to 200 characters, all of them letters, digits or"
                + " _ - = @ , . ;");
  }

  @Test
  void thePythonSdkLeavesTheAppOutOfThePath() throws IOException {
    try (RawSocket socket = signedIn("py")) {
      assertThat(line(api.send("POST", "/users/py/terminate_connections", "", "{}")))
          .isEqualTo("200 {}");
      expectTermination(socket);
    }
  }
}
