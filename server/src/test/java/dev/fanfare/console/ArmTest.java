package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.login.Role;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// A connection that an operator looks at closely: what the console knows of its socket then.
final class ArmTest {

  private static final Pattern UNTIL =
      Pattern.compile("200 \\{\"connections\":1,\"until\":([0-9]{13})\\}\n");

  /// Without counts, which would be separate frames at any time.
  private final ConsoleNode node =
      new ConsoleNode(
          TestNode.PARTS.withConsole(
              ConsoleNode.ON.withUsers(List.of(ConsoleNode.user("ann", Role.OPERATOR)))),
          ConsoleNode.APP.withOptions(ConsoleNode.APP.options().withSubscriptionCounts(false)),
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

  private String arm(String body) throws IOException {
    return node.post("/api/apps/1234/arm", body, ann).line();
  }

  private static String socket(RawSocket socket) {
    return "{\"socket\":\"" + socket.socketId() + "\"}";
  }

  /// What the chain says of the steps 7 to 9, once the last of them is known.
  private List<String> steps(RawSocket socket, String trace) throws IOException {
    JsonNode chain =
        node.await(
            "/traces/" + trace + "/to/" + socket.socketId(),
            "",
            found -> found.at("/steps/8/made").asString("").equals("yes"));
    List<String> steps = new ArrayList<>();
    for (int i = 6; i < 9; i++) {
      steps.add(chain.at("/steps/" + i + "/text").asString());
    }
    return steps;
  }

  @Test
  void theWriteAndTheAnswerOfTheClientAreKnown() throws IOException {
    try (RawSocket socket = node.subscribed("feed")) {
      Matcher until = UNTIL.matcher(arm(socket(socket)));
      assertThat(until.matches()).isTrue();
      assertThat(Long.parseLong(until.group(1)) - System.currentTimeMillis())
          .isBetween(Armed.SECONDS * 1_000L - 120_000, Armed.SECONDS * 1_000L);
      node.api().publish("feed", "e", "x");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"feed\",\"data\":\"x\"}");
      RawSocket.Frame ping = socket.nextFrame();
      assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
      assertThat(ping.payload()).isEmpty();
      socket.sendFrame(RawSocket.PONG, true, new byte[0]);
      List<String> steps = steps(socket, "1");
      assertThat(steps.get(0))
          .matches(
              "written for 1 of 1 subscriptions of the event loop; to this one [0-9.]+ ms after the"
                  + " publish, 43 bytes behind 0 that waited");
      assertThat(steps.get(1)).matches("the kernel took it [0-9.]+ ms after the publish");
      assertThat(steps.get(2)).matches("the client has answered [0-9.]+ ms after that");
      assertThat(audit.all()).last().asString().contains("arm app 1234, connection ", ": done");
    }
  }

  /// A ping that the client does not ask for must not change what it receives.
  @Test
  void whoIsNotArmedGetsNoPing() throws IOException {
    try (RawSocket armed = node.subscribed("feed");
        RawSocket other = node.subscribed("feed")) {
      arm(socket(armed));
      node.api().publish("feed", "e", "x");
      other.nextTextContaining("\"e\"");
      other.expectNothing();
    }
  }

  @Test
  void theConnectionsOfAUserAreArmed() throws IOException {
    try (RawSocket socket = node.subscribed("feed")) {
      socket.signIn(ConsoleNode.APP, "{\"id\":\"7\"}");
      socket.nextTextContaining("signin_success");
      assertThat(arm("{\"user\":\"7\"}")).startsWith("200 {\"connections\":1,");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 {\"error\":\"Either socket or user is needed\"}",
        "{\"socket\":\"1.1\",\"user\":\"7\"} | 400 {\"error\":\"Either socket or user is needed\"}",
        "[] | 400 {\"error\":\"Expected a JSON object\"}",
        "{\"socket\":\"1.1\"} | 404 {\"error\":\"This node has no connection 1.1\"}",
        "{\"user\":\"7\"} | 404 {\"error\":\"This node has no user 7\"}"
      })
  void whatIsWrongIsSaid(String body, String answer) throws IOException {
    assertThat(arm(body)).isEqualTo(answer);
  }

  @Test
  void onlySomeAreArmedAtATime() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i <= Armed.MAX; i++) {
        sockets.add(node.connect());
      }
      for (int i = 0; i < Armed.MAX; i++) {
        assertThat(arm(socket(sockets.get(i)))).startsWith("200 ");
      }
      assertThat(arm(socket(sockets.getFirst()))).as("again").startsWith("200 ");
      assertThat(arm(socket(sockets.getLast())))
          .isEqualTo("429 {\"error\":\"At most 20 connections are traced closely at a time\"}");
    } finally {
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
