package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `fanfare webhooks` against a running server: its output and its exit codes.
final class WebhooksCommandTest {

  /// Nothing listens there, so replayed webhooks stay pending.
  private static final String HOOK = "http://127.0.0.1:1/hook";

  private static final String TOTALS =
      """
      Server totals: %d pending, %d dead; %d accepted, 0 delivered, %d given up so far.
      Webhooks are currently in memory only and will be lost when the server stops.
      """;

  private final Outbox outbox = Outboxes.inMemory(100);
  private final TestNode node =
      TestNode.start(outbox, TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(HOOK))));
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void configureAsTheServerIs() {
    environment.put("FANFARE_HOST", "127.0.0.1");
    environment.put("FANFARE_PORT", String.valueOf(node.port()));
    environment.put("FANFARE_APP_ID", node.app().id());
    environment.put("FANFARE_APP_KEY", node.app().key());
    environment.put("FANFARE_APP_SECRET", node.app().secret().reveal());
    String event = "{\"name\":\"channel_occupied\",\"channel\":\"a\"}";
    Draft draft = new Draft("1234", HOOK, "a", 1_327_078_148_132L, event);
    List<Entry> entries = outbox.accept(List.of(draft, draft));
    outbox.attempted(entries.subList(1, 2));
    outbox.dead(entries.subList(1, 2), 1_327_078_448_132L, "HTTP\u001b 500");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Outcome run(String... args) {
    String[] words =
        Stream.concat(Stream.of("webhooks"), Arrays.stream(args)).toArray(String[]::new);
    return Outcome.of(environment, words);
  }

  private Outcome good(String out) {
    return new Outcome(0, out, "");
  }

  @Test
  void listPrintsALineForEach() {
    assertThat(run("list"))
        .isEqualTo(
            good(
                """
                ID        CREATED                   EVENT
                2         2012-01-20T16:49:08.132Z  {"name":"channel_occupied","channel":"a"} to http://127.0.0.1:1/hook: HTTP  500
                """
                    + TOTALS.formatted(1, 1, 2, 1)));
    assertThat(run("list", "--state", "pending").out())
        .contains("\n1         2012-01-20T16:49:08.132Z  {")
        .contains(" to http://127.0.0.1:1/hook\n");
    assertThat(run("list", "--after", "2").out()).isEqualTo(TOTALS.formatted(1, 1, 2, 1));
  }

  @Test
  void aTruncatedListSaysHowToContinue() {
    outbox.dead(Outboxes.pending(outbox), 1, "x");
    assertThat(run("list", "--limit", "1").out()).contains("More with --after 1\n");
  }

  @Test
  void showPrintsAllFields() {
    assertThat(run("show", "2"))
        .isEqualTo(
            good(
                """
                id        2
                state     dead
                endpoint  http://127.0.0.1:1/hook
                channel   a
                created   2012-01-20T16:49:08.132Z
                event     {"name":"channel_occupied","channel":"a"}
                died      2012-01-20T16:54:08.132Z
                attempts  1
                reason    HTTP  500
                """));
  }

  @Test
  void replayAndPurgeReportWhatTheyDid() {
    assertThat(run("replay", "2")).isEqualTo(good("Replayed webhook 2 as 3.\n"));
    assertThat(Outboxes.pending(outbox)).hasSize(2);
    outbox.dead(Outboxes.pending(outbox), 1, "x");
    assertThat(run("purge", "--all")).isEqualTo(good("Deleted: 2.\n"));
    assertThat(outbox.counts().deadLetters()).isZero();
  }

  @Test
  void replayAndPurgeTakeAnEndpointAndAPeriod() {
    outbox.dead(Outboxes.pending(outbox), 1, "x");
    assertThat(run("purge", "--endpoint", HOOK, "--since", "1h")).isEqualTo(good("Deleted: 0.\n"));
    assertThat(run("replay", "--until", "2012-01-20T16:49:08.132Z"))
        .isEqualTo(good("Replayed: 0.\n"));
    assertThat(run("list", "--endpoint", "http://other/").out()).doesNotContain("channel_occupied");
    String[] first = {"--since", "2012-01-20T17:49:08.132+01:00", "--until", "1d"};
    assertThat(run("list", first[0], first[1]).out()).contains("channel_occupied");
    assertThat(run("replay", first[0], first[1], first[2], first[3], "--endpoint", HOOK))
        .isEqualTo(good("Replayed: 2.\n"));
    assertThat(Outboxes.pending(outbox)).hasSize(2);
    outbox.dead(Outboxes.pending(outbox), 1, "x");
    assertThat(run("replay", "--all", "--json")).isEqualTo(good("{\"replayed\":2}\n"));
  }

  @Test
  void bulkNeedsAScope() {
    for (String[] words : new String[][] {{"purge"}, {"purge", "--all", "--since", "1h"}}) {
      assertThat(run(words).err())
          .startsWith("Specify either --all, or any of --endpoint, --since, --until.");
    }
    assertThat(run("replay").err()).startsWith("Specify either an ID, --all, or any of ");
    assertThat(run("replay", "2", "--all").err())
        .startsWith("An ID selects one webhook; drop the other options.");
    assertThat(run("purge", "--since", "yesterday"))
        .extracting(Outcome::exitCode, outcome -> outcome.err().lines().findFirst().orElseThrow())
        .containsExactly(
            2,
            "Invalid value for option '--since': 'yesterday' is neither a time such as"
                + " 2026-01-31T10:00:00Z nor an age such as 2h");
    assertThat(outbox.counts().deadLetters()).isEqualTo(1);
  }

  @Test
  void jsonIsTheServersResponse() {
    assertThat(run("list", "--json").out()).startsWith("{\"webhooks\":[{\"id\":2,").endsWith("}\n");
    assertThat(run("show", "--json", "1").out()).startsWith("{\"id\":1,\"state\":\"pending\",");
    assertThat(run("replay", "2", "--json").out()).isEqualTo("{\"id\":3,\"replay_of\":2}\n");
    assertThat(run("purge", "--all", "--json").out()).isEqualTo("{\"purged\":0}\n");
  }

  @Test
  void aRefusalIsReported() {
    assertThat(run("replay", "1"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "fanfare: the server answered 404: This app has no dead webhook 1; it is still"
                    + " pending\n"));
    environment.put("FANFARE_APP_SECRET", "wrong");
    assertThat(run("list").exitCode()).isEqualTo(1);
    assertThat(run("list").err()).startsWith("fanfare: the server answered 401: Invalid signature");
  }

  @Test
  void anUnreachableServerIsExplained() throws IOException {
    try (ClosedPort closed = new ClosedPort()) {
      String url = "http://127.0.0.1:" + closed.number();
      assertThat(run("list", "--url", url))
          .isEqualTo(new Outcome(1, "", "fanfare: no server answers at " + url + "\n"));
    }
  }

  @Test
  void theUrlMayHaveAPrefixAndBeatsTheConfiguredPort() {
    environment.put("FANFARE_PORT", "1");
    String url = "http://127.0.0.1:" + node.port() + "/";
    assertThat(run("list", "--url", url).exitCode()).isZero();
  }

  @Test
  void theAppMustBeKnown() {
    assertThat(run("list", "--app", "1234").exitCode()).isZero();
    assertThat(run("list", "--app", "9"))
        .isEqualTo(new Outcome(2, "", "No app 9 is configured, only 1234.\n"));
    environment.put("FANFARE_APPS", "k:s@7");
    assertThat(run("list"))
        .isEqualTo(
            new Outcome(2, "", "Several apps are configured; choose one with --app: 1234, 7.\n"));
    environment.clear();
    assertThat(run("list").exitCode()).isEqualTo(2);
    assertThat(run("list").err()).startsWith("No app is configured, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:6001", "ftp://localhost", "http://x?y", "not a url", ""})
  void aWrongUrlIsExplained(String url) {
    assertThat(run("list", "--url", url))
        .isEqualTo(
            new Outcome(
                2, "", "--url is \"" + url + "\", but must look like http://localhost:6001.\n"));
  }

  @Test
  void aWrongCommandLineIsExplained() {
    assertThat(run().err()).startsWith("Specify list, show, replay or purge.");
    assertThat(run("show", "x").exitCode()).isEqualTo(2);
    assertThat(run("list", "--state", "lost").exitCode()).isEqualTo(2);
    assertThat(run("list", "--limit", "5000").err())
        .contains("limit is \"5000\", but must be a whole number from 1 to 1000");
    environment.put("FANFARE_PORT", "0");
    assertThat(run("list").err()).contains("add --url");
    environment.put("FANFARE_PROT", "1");
    assertThat(run("list").err()).contains("FANFARE_PROT is not known");
  }
}
