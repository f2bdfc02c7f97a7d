package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a move from soketi or Reverb must not lose silently.
final class TakeoverTest {

  private static final String APPS =
      "\"appManager.array.apps\": [{\"id\": \"1\", \"key\": \"k\", \"secret\": \"s\"}]";

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private Given soketi() {
    return given
        .variable("SOKETI_DEFAULT_APP_ID", "1")
        .variable("SOKETI_DEFAULT_APP_KEY", "abc")
        .variable("SOKETI_DEFAULT_APP_SECRET", "not-shown");
  }

  private Given json(String text) {
    return given.file(given.write("soketi.json", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster", "Cluster", "unheard-of"})
  void anAdapterWithoutAnEngineStopsTheStart(String driver) {
    String problem =
        " is \""
            + driver
            + "\", which is not supported: nodes do not find each other over UDP as soketi's do."
            + " Set it to redis or nats, or to local for a single node";
    assertThat(soketi().variable("SOKETI_ADAPTER_DRIVER", driver).problems())
        .containsExactly("environment: SOKETI_ADAPTER_DRIVER" + problem);
    startEmpty();
    assertThat(json("{\"adapter.driver\": \"" + driver + "\", " + APPS + "}").problems())
        .containsExactly("soketi.json:1:20: adapter.driver" + problem);
    assertThat(json("{\"adapter\": {\"driver\": \"" + driver + "\"}}").problems())
        .containsExactly("soketi.json:1:24: adapter.driver" + problem);
  }

  @Test
  void appsInDynamoDbStopTheStart() {
    String driver = "dynamodb";
    String problem =
        " is \"dynamodb\", which is not supported: apps cannot be read from DynamoDB. Export them"
            + " with aws dynamodb scan, as docs/migration.md shows, into a configuration file or an"
            + " SQL table";
    assertThat(given.variable("SOKETI_APP_MANAGER_DRIVER", driver).problems())
        .containsExactly("environment: SOKETI_APP_MANAGER_DRIVER" + problem);
    startEmpty();
    assertThat(json("{\"appManager.driver\": \"" + driver + "\"}").problems())
        .containsExactly("soketi.json:1:23: appManager.driver" + problem);
  }

  @Test
  void aWordThatIsNeitherStopsTheStart() {
    assertThat(given.variable("REVERB_SCALING_ENABLED", "maybe").problems())
        .containsExactly(
            "environment: REVERB_SCALING_ENABLED is \"maybe\", but must be true or false");
  }

  @ParameterizedTest
  @CsvSource({
    "SOKETI_ADAPTER_DRIVER, local",
    "SOKETI_APP_MANAGER_DRIVER, array",
    "REVERB_SCALING_ENABLED, false",
    "REVERB_SCALING_ENABLED, 0",
    "REVERB_SCALING_ENABLED, null",
    "REVERB_SCALING_ENABLED, (false)"
  })
  void aSingleNodeStartsWithoutAWarning(String name, String value) {
    assertThat(given.variable(name, value).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SOKETI_DB_MYSQL_HOST, db, only SOKETI_APP_MANAGER_DRIVER=mysql or postgres needs it",
    "SOKETI_ADAPTER_NATS_SERVERS, nats, only SOKETI_ADAPTER_DRIVER=nats needs it",
    "SOKETI_QUEUE_DRIVER, sqs, webhooks are queued in a local file (webhooks.data_dir)",
    "SOKETI_MODE, worker, 'every instance serves clients, the API and webhooks'",
    "REVERB_SCALING_CHANNEL, reverb, only REVERB_SCALING_ENABLED=true needs it"
  })
  void whatLosesNothingIsOnlyAWarning(String name, String value, String reason) {
    assertThat(given.variable(name, value).warnings())
        .containsExactly("environment: " + name + " is not used: " + reason);
  }

  @Test
  void soketisAndReverbsClientsKeepTheirActivityTimeout() {
    assertThat(soketi().config().server().activityTimeoutSeconds()).isEqualTo(30);
    assertThat(given.printed())
        .containsPattern("  activity_timeout_seconds: 30 +# default of soketi");
    given.yaml("server: {port: 7000}");
    assertThat(given.config().server().activityTimeoutSeconds()).as("with a file").isEqualTo(30);
    given.yaml("server: {activity_timeout_seconds: 50}");
    assertThat(given.config().server().activityTimeoutSeconds()).as("the file's").isEqualTo(50);
    given.variable("FANFARE_ACTIVITY_TIMEOUT_SECONDS", "40");
    assertThat(given.config().server().activityTimeoutSeconds()).as("ours").isEqualTo(40);
    startEmpty();
    given.variable("REVERB_APP_KEY", "k").variable("FANFARE_APPS", "key:not-shown@1");
    assertThat(given.config().server().activityTimeoutSeconds()).as("Reverb's").isEqualTo(30);
    given.variable("REVERB_APP_ACTIVITY_TIMEOUT", "45");
    assertThat(given.config().server().activityTimeoutSeconds()).isEqualTo(45);
    startEmpty();
    assertThat(json("{" + APPS + "}").config().server().activityTimeoutSeconds())
        .as("soketi's file")
        .isEqualTo(30);
  }

  @Test
  void othersKeepOurActivityTimeout() {
    given
        .variable("PUSHER_APP_ID", "3")
        .variable("PUSHER_APP_KEY", "k")
        .variable("PUSHER_APP_SECRET", "not-shown")
        .variable("SOKETI_UNHEARD_OF", "1")
        .variable("SOKETI_SERVICE_HOST", "10.0.0.8");
    assertThat(given.config().server().activityTimeoutSeconds()).isEqualTo(120);
  }

  @Test
  void theBatchingDurationCountsIfBatchingIsOn() {
    soketi().variable("SOKETI_WEBHOOKS_BATCHING_DURATION", "200");
    assertThat(given.config().webhooks().batchWindowMilliseconds()).isEqualTo(50);
    assertThat(given.warnings())
        .contains(
            "environment: SOKETI_WEBHOOKS_BATCHING_DURATION is not used, since"
                + " SOKETI_WEBHOOKS_BATCHING is not switched on");
    given.variable("SOKETI_WEBHOOKS_BATCHING", "false");
    assertThat(given.config().webhooks().batchWindowMilliseconds()).isZero();
    given.variable("SOKETI_WEBHOOKS_BATCHING", "1");
    assertThat(given.config().webhooks().batchWindowMilliseconds()).isEqualTo(200);
    assertThat(given.warnings())
        .contains(
            "environment: SOKETI_WEBHOOKS_BATCHING_DURATION is read as"
                + " FANFARE_WEBHOOKS_BATCH_WINDOW_MILLISECONDS");
    given.variable("SOKETI_WEBHOOKS_BATCHING_DURATION", "60000");
    assertThat(given.config().webhooks().batchWindowMilliseconds()).isEqualTo(10_000);
    given.variable("SOKETI_WEBHOOKS_BATCHING_DURATION", "soon");
    assertThat(given.problems())
        .containsExactly(
            "environment: SOKETI_WEBHOOKS_BATCHING_DURATION is \"soon\", but must be a number of"
                + " milliseconds");
  }

  @Test
  void theBatchingDurationOfAFileCountsInAnyOrder() {
    String before = "{\"webhooks\": {\"batching\": {\"duration\": 2e2, \"enabled\": true}}, ";
    assertThat(json(before + APPS + "}").config().webhooks().batchWindowMilliseconds())
        .isEqualTo(200);
    String off = before.replace("true", "false");
    assertThat(json(off + APPS + "}").config().webhooks().batchWindowMilliseconds()).isZero();
    assertThat(given.warnings())
        .contains(
            "soketi.json:1:28: \"webhooks.batching.duration\" is not used, since its feature is"
                + " not switched on");
  }

  @ParameterizedTest
  @CsvSource({
    "1e-3, 2",
    "0.001, 2",
    "1E2, 102400",
    "100.0, 102400",
    "'100.', 102400",
    ".5, 512",
    "2e+0, 2048"
  })
  void numbersMayBeWrittenAsInJavaScript(String kilobytes, int bytes) {
    boolean isJson = kilobytes.matches("[0-9].*[0-9]");
    String written = isJson ? kilobytes : '"' + kilobytes + '"';
    String limit = "{\"eventLimits.maxPayloadInKb\": " + written + ", " + APPS + "}";
    assertThat(json(limit).config().apps().getFirst().limits().maxEventBytes()).isEqualTo(bytes);
    startEmpty();
    soketi().variable("SOKETI_EVENT_MAX_SIZE_IN_KB", kilobytes);
    assertThat(given.config().apps().getFirst().limits().maxEventBytes()).isEqualTo(bytes);
  }

  @Test
  void wholeNumbersToo() {
    soketi()
        .variable("SOKETI_PORT", "7.001e3")
        .variable("SOKETI_DEFAULT_APP_MAX_CONNS", "1e3")
        .variable("SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC", "-1.0");
    App app = given.config().apps().getFirst();
    assertThat(given.config().server().port()).isEqualTo(7_001);
    assertThat(app.limits().maxConnections()).isEqualTo(1_000);
    assertThat(app.limits().maxClientEventsPerSecond()).isZero();
    given.variable("SOKETI_DEFAULT_APP_MAX_CONNS", "0.5");
    assertThat(given.problems())
        .containsExactly(
            "environment: SOKETI_DEFAULT_APP_MAX_CONNS is \"0.5\", but must be a whole number");
  }

  @Test
  void theRequestLimitIsTranslated() {
    String limit = "{\"httpApi.requestLimitInMb\": 5, " + APPS + "}";
    assertThat(json(limit).config().server().maxRequestBytes()).isEqualTo(5 << 20);
    assertThat(json(limit.replace("5", "\"0.5\"")).config().server().maxRequestBytes())
        .isEqualTo(1 << 19);
    assertThat(json(limit.replace("5", "9999")).config().server().maxRequestBytes())
        .isEqualTo(1 << 30);
  }

  @Test
  void webhooksWithOneUrlAndSeveralFiltersStaySeveral() {
    soketi()
        .variable(
            "SOKETI_DEFAULT_APP_WEBHOOKS",
            """
            [
              {"url": "http://a/", "event_types": ["channel_occupied"],
               "filter": {"channel_name_starts_with": "private-"}},
              {"url": "http://a/", "event_types": ["channel_vacated"],
               "filter": {"channel_name_starts_with": "private-"}},
              {"url": "http://a/", "event_types": ["client_event"]}
            ]
            """);
    assertThat(given.config().apps().getFirst().webhooks())
        .extracting(WebhookEndpoint::id, endpoint -> endpoint.events().size())
        .containsExactly(tuple("http://a/", 2), tuple("http://a/#2", 1));
  }

  @Test
  void aWebhooksReservedHeaderIsAWarning() {
    soketi()
        .variable(
            "SOKETI_DEFAULT_APP_WEBHOOKS",
            "[{\"url\": \"http://a/\", \"headers\": {\"X-Pusher-Key\": \"k\","
                + " \"x-pusher-signature\": \"s\", \"Authorization\": \"Bearer b\"}}]");
    WebhookEndpoint endpoint = given.config().apps().getFirst().webhooks().getFirst();
    assertThat(endpoint.headers()).containsOnlyKeys("Authorization");
    assertThat(given.warnings())
        .contains(
            "SOKETI_DEFAULT_APP_WEBHOOKS:1:35: SOKETI_DEFAULT_APP_WEBHOOKS has the header"
                + " \"X-Pusher-Key\", which is not used: the server sets it itself",
            "SOKETI_DEFAULT_APP_WEBHOOKS:1:56: SOKETI_DEFAULT_APP_WEBHOOKS has the header"
                + " \"x-pusher-signature\", which is not used: the server sets it itself");
  }
}
