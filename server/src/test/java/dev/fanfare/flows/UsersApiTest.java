package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.testing.TestNodes;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `POST /apps/ID/users/USER/terminate_connections` (sections 4.3, 6.9).
@ParameterizedClass(name = "nodes={0}")
@ValueSource(ints = {1, 2})
final class UsersApiTest {

  @Parameter int count;

  private static TestNodes nodes;
  private static TestNode node;
  private static Api api;

  /// Clients are on the first node, servers use the last.
  @BeforeParameterizedClassInvocation
  static void start(int count) {
    nodes = TestNodes.start(count, PlainApp.APP, PlainApp.OTHER);
    node = nodes.first();
    api = new Api(nodes.last());
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
    nodes.close();
  }

  private static RawSocket signedIn(String userId) throws IOException {
    return signedIn(node, userId);
  }

  private static RawSocket signedIn(TestNode node, String userId) throws IOException {
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
        RawSocket elsewhere = signedIn(nodes.last(), "12345");
        RawSocket tablet = signedIn("12345");
        RawSocket other = signedIn("12346");
        RawSocket onlyPresent = member(node, "presence-x", "12345")) {
      assertThat(terminate("12345")).isEqualTo("200 {}");
      expectTermination(phone);
      expectTermination(tablet);
      expectTermination(elsewhere);
      other.expectNothing();
      onlyPresent.expectNothing();
    }
  }

  @Test
  void aUserOfAnotherAppIsAnotherUser() throws IOException {
    try (RawSocket here = signedIn("same");
        Api others = new Api(nodes.last().port(), PlainApp.OTHER)) {
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
