package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.console.login.Role;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The webhooks of an app over the console's API, byte by byte, with an endpoint that is real.
final class WebhookActsTest {

  private static final String PATH = "/api/apps/1234/webhooks";
  private static final String EVENT = "{\"name\":\"channel_vacated\",\"channel\":\"a\"}";

  /// Nothing listens there.
  private static final String GONE = "http://ann:hush-1@127.0.0.1:1/hook?token=hush-2";

  private static final String SHOWN = "http://127.0.0.1:1/hook";

  private final Receiver receiver = new Receiver();
  private final Outbox outbox = Outboxes.inMemory(100);
  private final App app =
      ConsoleNode.APP.withWebhooks(
          List.of(
              new WebhookEndpoint(
                  receiver.url() + "?token=hush-3",
                  Set.of(),
                  ChannelFilter.ALL,
                  ExcludedChannels.NONE,
                  Map.of("Authorization", new Secret("hush-4"))),
              WebhookEndpoint.at(GONE)));

  private final ConsoleNode node =
      new ConsoleNode(
          TestNode.PARTS.withConsole(
              ConsoleNode.ON.withUsers(
                  List.of(
                      ConsoleNode.user("ann", Role.OPERATOR),
                      ConsoleNode.user("bob", Role.ADMIN)))),
          outbox,
          app,
          ConsoleNode.OTHER);

  private final AuditLines audit = new AuditLines();
  private String ann = "";
  private String bob = "";

  WebhookActsTest() throws IOException {}

  @BeforeEach
  void login() throws IOException {
    ann = node.login("ann");
    bob = node.login("bob");
  }

  @AfterEach
  void stop() throws IOException {
    audit.close();
    node.close();
    receiver.close();
  }

  private String get(String query) throws IOException {
    return node.request("GET", PATH + query, "", ann).line();
  }

  /// The id of an event that this endpoint did not accept.
  private long die(String endpoint) {
    Draft draft = new Draft("1234", endpoint, "a", 1_327_078_148_132L, EVENT);
    Entry entry = outbox.accept(List.of(draft)).getFirst();
    for (int attempt = 1; attempt <= 9; attempt++) {
      outbox.attempted(List.of(entry));
    }
    outbox.dead(List.of(entry), 1_327_078_448_132L, "HTTP 500");
    return entry.id();
  }

  private static String endpoint(String url, int dead) {
    return "{\"url\":\"" + url + "\",\"pending\":0,\"delivered\":0,\"dead\":" + dead + "}";
  }

  private static String dead(long id, String endpoint) {
    return "{\"id\":\""
        + id
        + "\",\"t\":1327078448132,\"endpoint\":\""
        + endpoint
        + "\",\"names\":[\"channel_vacated\"],\"channel\":\"a\",\"attempts\":9,\"text\":\"HTTP"
        + " 500\"}";
  }

  @Test
  void deadOnesAreListedAndReplayed() throws IOException {
    long id = die(receiver.url() + "?token=hush-3");
    long other = die(GONE);
    assertThat(get(""))
        .isEqualTo(
            "200 {\"endpoints\":["
                + endpoint(receiver.url(), 1)
                + ","
                + endpoint(SHOWN, 1)
                + "],\"state\":\"dead\",\"events\":["
                + dead(id, receiver.url())
                + ","
                + dead(other, SHOWN)
                + "]}\n");
    assertThat(get("?limit=1"))
        .endsWith("[" + dead(id, receiver.url()) + "],\"next\":\"" + id + "\"}\n");
    assertThat(get("?after=" + id)).endsWith("[" + dead(other, SHOWN) + "]}\n");
    assertThat(node.post(PATH + "/" + id + "/replay", "{}", ann).line())
        .isEqualTo("200 {\"replayed\":true}\n");
    assertThat(receiver.nextEvent()).isEqualTo("channel_vacated a");
    assertThat(
            node.await("/webhooks", "state=delivered", found -> !found.get("events").isEmpty())
                .get("events")
                .get(0)
                .toString())
        .contains("\"endpoint\":\"" + receiver.url() + "\",\"names\":[\"channel_vacated\"]")
        .contains("\"channel\":\"a\",\"events\":1,\"status\":200,\"ms\":");
    assertThat(node.post(PATH + "/" + id + "/replay", "{}", ann).line())
        .isEqualTo("404 {\"error\":\"This app has no dead webhook " + id + "\"}");
    assertThat(node.post(PATH + "/x/replay", "{}", ann).line())
        .isEqualTo("400 {\"error\":\"A webhook id is a number, not \\\"x\\\"\"}");
    String who = "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] ";
    assertThat(audit.all())
        .contains(who + "replay app 1234, webhook " + id + ": done")
        .last()
        .isEqualTo(who + "replay app 1234, webhook x: A webhook id is a number, not \"x\"");
  }

  @Test
  void attemptsThatFailAreShown() throws IOException {
    receiver.always(Receiver.Manner.FAILS);
    try (RawSocket _ = node.subscribed("a")) {
      String found =
          node.await(
                  "/webhooks",
                  "state=pending",
                  each ->
                      each.toString().contains("\"next_try\"")
                          && each.toString().contains("answered 500")
                          && each.toString().contains("cannot connect"))
              .toString();
      assertThat(found)
          .contains("\"names\":[\"channel_occupied\"],\"channel\":\"a\"")
          .contains("\"pending\":2", "\"status\":500,\"ms\":")
          .contains("\"status\":0,\"ms\":", "\"text\":\"cannot connect\"")
          .doesNotContain("hush");
    }
  }

  @Test
  void anAdministratorPurgesAnEndpointByItsHost() throws IOException {
    die(GONE);
    long kept = die(receiver.url() + "?token=hush-3");
    String body = "{\"endpoint\":\"" + SHOWN + "\",\"host\":\"127.0.0.1\"}";
    assertThat(node.post(PATH + "/purge", body, ann).status()).isEqualTo(403);
    assertThat(node.post(PATH + "/purge", body.replace("127.0.0.1\"}", "a\"}"), bob).line())
        .isEqualTo("400 {\"error\":\"host must be the endpoint's host name\"}");
    assertThat(node.post(PATH + "/purge", "{\"endpoint\":\"x\"}", bob).line())
        .isEqualTo("404 {\"error\":\"This app has no endpoint x\"}");
    assertThat(node.post(PATH + "/purge", body, bob).line()).isEqualTo("200 {\"purged\":1}\n");
    assertThat(outbox.deadLetters("1234", 0, 9))
        .extracting(each -> each.entry().id())
        .containsExactly(kept);
    assertThat(audit.all().getLast())
        .isEqualTo(
            "[who=\"bob\", role=\"admin\", address=\"127.0.0.1\"] purge app 1234, webhooks of "
                + SHOWN
                + ": done");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?state=x | state must be pending, delivered or dead",
        "?after=x | after must be a whole number",
        "?limit=101 | limit must be a whole number from 1 to 100"
      })
  void otherListsAreRefused(String query, String reason) throws IOException {
    assertThat(get(query)).isEqualTo("400 {\"error\":\"" + reason + "\"}");
  }
}
