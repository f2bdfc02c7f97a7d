package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.console.login.Role;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A bad day, as an operator lives it: with requests to the console's API only, from what users
/// complain about to what helps. The audit log knows who did what, and no answer has a secret.
final class ConsoleStoryTest {

  private static final App THIRD =
      new App(
          "3", "third-key", new Secret("hush-third-secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final Pattern ID = Pattern.compile("\"id\":\"(\\d+)\"");
  private static final Pattern TRACE = Pattern.compile("\"trace\":\"(\\d+)\"");

  private final Receiver receiver = new Receiver();
  private final Outbox outbox = Outboxes.inMemory(10);
  private final App app = ConsoleNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));

  private final ConsoleNode node =
      new ConsoleNode(
          TestNode.PARTS.withConsole(
              ConsoleNode.ON.withUsers(List.of(ConsoleNode.user("ann", Role.OPERATOR)))),
          outbox,
          app,
          ConsoleNode.OTHER,
          THIRD);

  /// Everything that was answered.
  private final StringBuilder answers = new StringBuilder();

  private String ann = "";

  ConsoleStoryTest() throws IOException {}

  private String get(String path) throws IOException {
    String line = node.request("GET", "/api/apps/1234" + path, "", ann).line();
    answers.append(line);
    return line;
  }

  private String post(String path, String body) throws IOException {
    String line = node.post("/api/apps/1234" + path, body, ann).line();
    answers.append(line);
    return line;
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  @Test
  void aBadDayEnds() throws IOException {
    try (AuditLines audit = new AuditLines();
        node;
        receiver) {
      ann = node.login("ann");
      long dead = anEndpointWasDown();
      try (RawSocket client = node.subscribed("orders.1")) {
        aChannelIsMistyped(client);
        anAuthEndpointHasTheWrongSecret(client);
        aWebhookIsReplayed(dead);
        aClientIsClosed(client);
        assertThat(audit.all())
            .extracting(line -> line.replace("[who=\"ann\", role=\"operator\", ", "ann ["))
            .containsExactly(
                "ann [address=\"127.0.0.1\"] login: accepted",
                "ann [address=\"127.0.0.1\"] publish app 1234, shipped to order.1: done",
                "ann [address=\"127.0.0.1\"] publish app 1234, shipped to orders.1: done",
                "ann [address=\"127.0.0.1\"] replay app 1234, webhook " + dead + ": done",
                "ann [address=\"127.0.0.1\"] close app 1234, connection "
                    + client.socketId()
                    + " with 4200: done");
      }
      assertThat(answers.toString())
          .doesNotContain(app.secret().reveal())
          .doesNotContain(ConsoleNode.OTHER.secret().reveal())
          .doesNotContain(THIRD.secret().reveal());
    }
  }

  private long anEndpointWasDown() {
    Outbox.Draft draft =
        new Outbox.Draft(
            "1234", receiver.url(), "a", 1, "{\"name\":\"channel_vacated\",\"channel\":\"a\"}");
    List<Outbox.Entry> entries = outbox.accept(List.of(draft));
    outbox.dead(entries, 2, "answered 500");
    return entries.getFirst().id();
  }

  private void aChannelIsMistyped(RawSocket client) throws IOException {
    String event = "{\"channels\":[\"order.1\"],\"event\":\"shipped\",\"data\":\"7\"}";
    String trace = found(TRACE, post("/publish", event));
    assertThat(get("/traces/" + trace + "/to/" + client.socketId()))
        .contains(
            "\"headline\":\"no connection was subscribed to order.1; 1 is subscribed to orders.1:"
                + " is the name spelled differently?\"");
    post("/publish", event.replace("order.1", "orders.1"));
    assertThat(client.nextTextContaining("shipped"))
        .isEqualTo("{\"event\":\"shipped\",\"channel\":\"orders.1\",\"data\":\"7\"}");
  }

  private void anAuthEndpointHasTheWrongSecret(RawSocket client) throws IOException {
    client.subscribePrivate(app.withSecret(THIRD.secret()), "private-x");
    client.nextTextContaining("Invalid signature");
    String refusal = found(ID, get("/refusals?limit=1"));
    assertThat(get("/refusals/" + refusal + "/why"))
        .contains("\"text\":\"The signature is right with app 3's secret");
  }

  private void aWebhookIsReplayed(long dead) throws IOException {
    assertThat(get("/webhooks")).contains("\"dead\":1", "\"id\":\"" + dead + "\"", "answered 500");
    assertThat(post("/webhooks/" + dead + "/replay", "{}")).isEqualTo("200 {\"replayed\":true}\n");
    String event = receiver.nextEvent();
    while (!event.equals("channel_vacated a")) {
      event = receiver.nextEvent(); // those of the client's channel
    }
    assertThat(get("/webhooks")).contains("\"dead\":0,\"last\":{");
  }

  private void aClientIsClosed(RawSocket client) throws IOException {
    assertThat(post("/connections/" + client.socketId() + "/close", "{\"code\":4200}"))
        .isEqualTo("200 {\"closed\":true}\n");
    assertThat(client.nextClose().closeCode()).isEqualTo(4200);
  }
}
