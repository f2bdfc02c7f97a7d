package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.console.login.Role;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Refused signatures on a real server, and what they were right for.
final class WhyTest {

  private static final App FORGER =
      ConsoleNode.APP.withSecret(new Secret(ConsoleNode.OTHER.secret().reveal()));

  private static String newest(ConsoleNode node) throws IOException {
    JsonNode refusals = node.await("/refusals", "", found -> !found.get("refusals").isEmpty());
    return refusals.get("refusals").get(0).get("id").stringValue();
  }

  @Test
  void aSubscriptionSignedWithAnotherAppsSecret() throws IOException {
    try (ConsoleNode node =
            new ConsoleNode(
                ConsoleNode.user("ann", Role.VIEWER),
                ConsoleNode.user("bob", Role.VIEWER, "1234"));
        RawSocket socket = node.connect()) {
      socket.subscribePrivate(FORGER, "private-x");
      socket.nextTextContaining("Invalid signature");
      String path = "/refusals/" + newest(node) + "/why";
      String ofAnn = node.request("GET", "/api/apps/1234" + path, "", node.login("ann")).body();
      assertThat(ofAnn)
          .contains("\"finding\":\"other_app\"")
          .contains("The signature is right with app 2's secret: the auth endpoint")
          .contains(":private-x\"")
          .doesNotContain(ConsoleNode.APP.secret().reveal())
          .doesNotContain(ConsoleNode.OTHER.secret().reveal());
      assertThat(node.request("GET", "/api/apps/1234" + path, "", node.login("bob")).body())
          .contains("The signature is right with another app of this server's secret")
          .doesNotContain("app 2");
      assertThat(node.get(path, "").get("finding").stringValue()).isEqualTo("other_app");
      assertThat(node.send("/api/apps/1234/refusals/999/why", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aRequestSignedForAnotherMethod() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawHttp http = new RawHttp(node.node().port())) {
      String path = "/apps/1234/channels";
      String query = RawHttp.query(ConsoleNode.APP, "POST", path, "");
      assertThat(http.send(RawHttp.request("GET", path + "?" + query, "")).next().status())
          .isEqualTo(401);
      JsonNode why = node.get("/refusals/" + newest(node) + "/why", "");
      assertThat(why.get("text").stringValue())
          .isEqualTo("The signature is right for the method POST");
      assertThat(why.get("string_to_sign").stringValue())
          .startsWith("GET\n" + path + "\nauth_key=");
    }
  }
}
