package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.log.LogOptions;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.transport.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The environment of another server starts this one, and every variable is reported.
final class AliasesTest {

  /// soketi's fixed activity timeout.
  private static final ServerOptions SOKETI = ServerOptions.DEFAULTS.withActivityTimeoutSeconds(30);

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

  private Given reverb() {
    return given
        .variable("REVERB_APP_ID", "2")
        .variable("REVERB_APP_KEY", "def")
        .variable("REVERB_APP_SECRET", "not-shown");
  }

  private Given pusher() {
    return given
        .variable("PUSHER_APP_ID", "3")
        .variable("PUSHER_APP_KEY", "ghi")
        .variable("PUSHER_APP_SECRET", "not-shown")
        .variable("PUSHER_APP_CLUSTER", "mt1")
        .variable("PUSHER_HOST", "");
  }

  private App app() {
    assertThat(given.config().apps()).hasSize(1);
    return given.config().apps().getFirst();
  }

  @Test
  void soketisDefaultsApplyToItsApp() {
    App app = soketi().config().apps().getFirst();
    assertThat(app.id()).isEqualTo("1");
    assertThat(app.key()).isEqualTo("abc");
    assertThat(app.secret()).isEqualTo(new Secret("not-shown"));
    assertThat(app.limits())
        .isEqualTo(
            Limits.HOSTED
                .withMaxClientEventsPerSecond(0)
                .withMaxPresenceMemberBytes(2_048)
                .withCacheTtlSeconds(3_600)
                .withMaxEventBytes(102_400));
    assertThat(given.config().server())
        .as("ten events of 100 kB are a batch")
        .isEqualTo(SOKETI.withMaxRequestBytes(2 * 1_024_000 + 4_096));
  }

  @Test
  void everyValueOfSoketiIsConverted() {
    soketi()
        .variable("SOKETI_HOST", "127.0.0.1")
        .variable("SOKETI_PORT", "7001")
        .variable("SOKETI_PATH_PREFIX", "live/")
        .variable("SOKETI_DEBUG", "1")
        .variable("SOKETI_SHUTDOWN_GRACE_PERIOD", "2500")
        .variable("SOKETI_METRICS_ENABLED", "0")
        .variable("SOKETI_METRICS_HOST", "0.0.0.0")
        .variable("SOKETI_METRICS_SERVER_PORT", "9602")
        .variable("SOKETI_WEBHOOKS_BATCHING", "false")
        .variable("SOKETI_DEFAULT_APP_ENABLED", "0")
        .variable("SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "true")
        .variable("SOKETI_DEFAULT_APP_USER_AUTHENTICATION", "true")
        .variable("SOKETI_USER_AUTHENTICATION_TIMEOUT", "20000")
        .variable("SOKETI_DEFAULT_APP_MAX_CONNS", "-1")
        .variable("SOKETI_DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SEC", "100")
        .variable("SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC", "5")
        .variable("SOKETI_DEFAULT_APP_MAX_READ_REQ_PER_SEC", "-1")
        .variable("SOKETI_PRESENCE_MAX_MEMBERS", "7")
        .variable("SOKETI_PRESENCE_MAX_MEMBER_SIZE", "0.5")
        .variable("SOKETI_CHANNEL_LIMITS_MAX_NAME_LENGTH", "100")
        .variable("SOKETI_EVENT_MAX_SIZE_IN_KB", "20");
    assertThat(given.config().server())
        .isEqualTo(SOKETI.withHost("127.0.0.1").withPort(7001).withPathPrefix("/live"));
    assertThat(given.config().metrics())
        .isEqualTo(new MetricsOptions(false, "0.0.0.0", 9602, MetricsOptions.Names.FANFARE));
    assertThat(given.config().drain().seconds()).isEqualTo(3);
    assertThat(given.config().log().level()).isEqualTo(LogOptions.Level.DEBUG);
    assertThat(given.config().webhooks().batchWindowMilliseconds()).isZero();
    assertThat(app().options().enabled()).isFalse();
    assertThat(app().options().clientEvents()).isTrue();
    assertThat(app().options().authorizedConnectionsOnly()).isTrue();
    assertThat(app().options().authorizationTimeoutSeconds()).isEqualTo(20);
    assertThat(app().limits())
        .isEqualTo(
            Limits.HOSTED
                .withMaxHttpEventsPerSecond(100)
                .withMaxClientEventsPerSecond(5)
                .withMaxPresenceMembers(7)
                .withMaxPresenceMemberBytes(512)
                .withMaxChannelNameChars(100)
                .withCacheTtlSeconds(3_600)
                .withMaxEventBytes(20_480));
  }

  @Test
  void everyVariableIsReportedWithoutSecrets() {
    soketi()
        .variable("SOKETI_PORT", "7001")
        .variable("SOKETI_EVENT_MAX_SIZE_IN_KB", "20")
        .variable("SOKETI_ADAPTER_DRIVER", "local")
        .variable("SOKETI_DB_REDIS_HOST", "redis")
        .variable("SOKETI_DB_REDIS_PORT", "6379")
        .variable("SOKETI_QUEUE_DRIVER", "redis")
        .variable("SOKETI_APP_MANAGER_DRIVER", "array")
        .variable("SOKETI_MODE", "full")
        .variable("SOKETI_WHATEVER", "x");
    assertThat(given.warnings())
        .containsExactly(
            "environment: SOKETI_PORT is read as FANFARE_PORT",
            "environment: SOKETI_DEFAULT_APP_ID is read as FANFARE_APP_ID",
            "environment: SOKETI_DEFAULT_APP_KEY is read as FANFARE_APP_KEY",
            "environment: SOKETI_DEFAULT_APP_SECRET is read as FANFARE_APP_SECRET",
            "environment: SOKETI_EVENT_MAX_SIZE_IN_KB is read as"
                + " FANFARE_APP_LIMITS_MAX_EVENT_BYTES=20480",
            "environment: SOKETI_DB_REDIS_HOST, SOKETI_DB_REDIS_PORT are not used: only"
                + " SOKETI_ADAPTER_DRIVER=redis needs it, and of several ways to name Redis the"
                + " cluster's nodes come first, then Sentinels",
            "environment: SOKETI_QUEUE_DRIVER is not used: webhooks are queued in a local file"
                + " (webhooks.data_dir)",
            "environment: SOKETI_WHATEVER is not used: soketi does not know it either");
  }

  @Test
  void thePrintedConfigurationNamesTheAliasAsTheSource() {
    soketi().variable("SOKETI_PORT", "7001");
    assertThat(given.printed().lines().map(line -> line.replaceAll(" +#", " #")))
        .contains(
            "  port: 7001 # SOKETI_PORT",
            "  - id: \"1\" # SOKETI_DEFAULT_APP_ID",
            "    secret: \"********\" # SOKETI_DEFAULT_APP_SECRET",
            "      max_event_bytes: 102400 # default of soketi");
  }

  @Test
  void anErrorNamesTheAliasAndItsValues() {
    soketi()
        .variable("SOKETI_PORT", "x")
        .variable("SOKETI_EVENT_MAX_SIZE_IN_KB", "many")
        .variable("SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC", "0")
        .variable("SOKETI_DEFAULT_APP_ENABLED", "maybe");
    assertThat(given.problems())
        .containsExactlyInAnyOrder(
            "environment: SOKETI_PORT is \"x\", but must be a whole number from 0 to 65535",
            "environment: SOKETI_EVENT_MAX_SIZE_IN_KB is \"many\", but must be a number of"
                + " kilobytes",
            "environment: SOKETI_DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC is \"0\", but must be -1 for"
                + " no limit, or a whole number above 0",
            "environment: SOKETI_DEFAULT_APP_ENABLED is \"maybe\", but must be true or false");
  }

  @Test
  void publicCredentialsAreNotADefault() {
    given.variable("SOKETI_DEFAULT_APP_KEY", "abc");
    assertThat(given.problems())
        .containsExactly("environment: SOKETI_DEFAULT_APP_SECRET is missing");
    assertThat(new Given(directory).variable("SOKETI_DEBUG", "1").config().apps()).isEmpty();
  }

  @Test
  void largeEventsRaiseOtherLimits() {
    soketi().variable("SOKETI_EVENT_MAX_SIZE_IN_KB", "10000");
    soketi().variable("SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "true");
    int need = 2 * 10_240_000 + 4_096;
    assertThat(given.config().server())
        .isEqualTo(
            SOKETI
                .withMaxMessageBytes(need)
                .withMaxRequestBytes(2 * 102_400_000 + 4_096)
                .withMaxPendingBytes(need));
    given.variable("FANFARE_MAX_REQUEST_BYTES", "100000");
    assertThat(given.problems()).hasSize(1).first().asString().contains("SOKETI_EVENT_MAX_SIZE");
  }

  @Test
  void ourOwnVariablesWin() {
    soketi()
        .variable("SOKETI_PORT", "7001")
        .variable("FANFARE_PORT", "7002")
        .variable("SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES", "true")
        .variable("FANFARE_APP_CLIENT_EVENTS", "false")
        .variable("FANFARE_APP_SUBSCRIPTION_COUNTS", "true");
    assertThat(given.config().server().port()).isEqualTo(7002);
    assertThat(app().id()).isEqualTo("1");
    assertThat(app().options().clientEvents()).isFalse();
    assertThat(app().options().subscriptionCounts()).isTrue();
    assertThat(given.warnings())
        .contains(
            "environment: SOKETI_PORT is not used, since FANFARE_PORT is set",
            "environment: SOKETI_DEFAULT_APP_ENABLE_CLIENT_MESSAGES is not used, since"
                + " FANFARE_APP_CLIENT_EVENTS is set");
  }

  @Test
  void ourAppsReplaceThoseOfOtherServers() {
    soketi();
    reverb();
    pusher();
    given.variable("FANFARE_APPS", "x:y@9");
    assertThat(app().id()).isEqualTo("9");
    assertThat(given.config().server().port()).isEqualTo(6001);
    assertThat(given.warnings())
        .hasSize(3)
        .allMatch(line -> line.endsWith("are not used, since FANFARE_… variables name the apps"));
  }

  @Test
  void anAliasOverridesTheFileSettingBySetting() {
    soketi()
        .variable("SOKETI_PORT", "7001")
        .yaml(
            """
            server: {port: 7003, host: 127.0.0.1}
            apps:
              - {id: "1", key: other, secret: x, watchlists: true, limits: {max_event_bytes: 99}}
            """);
    assertThat(given.config().server().port()).isEqualTo(7001);
    assertThat(given.config().server().host()).isEqualTo("127.0.0.1");
    assertThat(app().key()).isEqualTo("abc");
    assertThat(app().options().watchlists()).isTrue();
    assertThat(app().limits().maxEventBytes()).as("overrides soketi's default").isEqualTo(99);
    assertThat(app().limits().cacheTtlSeconds()).isEqualTo(3_600);
  }

  @Test
  void onlyOneFamilyNamesTheApp() {
    soketi();
    reverb();
    pusher();
    assertThat(app().id()).isEqualTo("1");
    assertThat(given.config().server().port()).isEqualTo(6001);
    assertThat(given.warnings())
        .contains(
            "environment: REVERB_APP_ID, REVERB_APP_KEY, REVERB_APP_SECRET are not used, since"
                + " SOKETI_… names the app",
            "environment: PUSHER_APP_ID, PUSHER_APP_KEY, PUSHER_APP_SECRET are not used, since"
                + " SOKETI_… names the app")
        .noneMatch(line -> line.contains("CLUSTER"));
  }

  @Test
  void reverbsPortIsTheDefault() {
    reverb()
        .variable("REVERB_HOST", "localhost")
        .variable("REVERB_PORT", "443")
        .variable("REVERB_SCHEME", "https")
        .variable("REVERB_SCALING_ENABLED", "false");
    assertThat(given.config().server().port()).isEqualTo(8080);
    assertThat(app().options().clientEvents()).isTrue();
    assertThat(app().limits()).isEqualTo(Limits.HOSTED.withMaxClientEventsPerSecond(0));
    assertThat(given.warnings())
        .last()
        .isEqualTo(
            "environment: REVERB_HOST, REVERB_PORT, REVERB_SCHEME are not used: they tell clients"
                + " and Laravel where to connect; the server listens on REVERB_SERVER_HOST and"
                + " REVERB_SERVER_PORT");
    assertThat(given.variable("REVERB_SERVER_PORT", "7000").config().server().port())
        .isEqualTo(7000);
    assertThat(given.yaml("").variable("REVERB_SERVER_PORT", "").config().server().port())
        .as("with a file of ours, our port is the default")
        .isEqualTo(6001);
  }

  @Test
  void everyValueOfReverbIsConverted() {
    reverb()
        .variable("REVERB_SERVER_HOST", "127.0.0.1")
        .variable("REVERB_SERVER_PATH", "ws")
        .variable("REVERB_MAX_REQUEST_SIZE", "50000")
        .variable("REVERB_APP_MAX_MESSAGE_SIZE", "10000")
        .variable("REVERB_APP_ACTIVITY_TIMEOUT", "45")
        .variable("REVERB_APP_PING_INTERVAL", "60")
        .variable("REVERB_APP_MAX_CONNECTIONS", "10")
        .variable("REVERB_APP_ACCEPT_CLIENT_EVENTS_FROM", "none")
        .variable("REVERB_APP_RATE_LIMITING_ENABLED", "true")
        .variable("REVERB_ALLOWED_ORIGINS", "example.com,*.example.com");
    assertThat(given.config().server())
        .isEqualTo(
            ServerOptions.DEFAULTS
                .withHost("127.0.0.1")
                .withPort(8080)
                .withPathPrefix("/ws")
                .withActivityTimeoutSeconds(45));
    assertThat(app().options().clientEvents()).isFalse();
    assertThat(app().options().allowedOrigins()).containsExactly("example.com", "*.example.com");
    assertThat(app().limits())
        .isEqualTo(Limits.HOSTED.withMaxConnections(10).withMaxEventBytes(50_000));
    assertThat(given.warnings())
        .contains(
            "environment: REVERB_APP_MAX_MESSAGE_SIZE is not used, since REVERB_MAX_REQUEST_SIZE"
                + " sets the same option");
  }

  @Test
  void theHostedServicesAppIsUsedOnlyIfThereIsNoOther() {
    assertThat(pusher().config().apps()).extracting(App::id).containsExactly("3");
    assertThat(app().limits()).isEqualTo(Limits.HOSTED);
    given.yaml("apps: [{id: 7, key: k, secret: s}]");
    assertThat(given.config().apps()).extracting(App::id).containsExactly("7");
    Given halved = new Given(directory).variable("PUSHER_APP_KEY", "ghi");
    assertThat(halved.config().apps()).isEmpty();
    assertThat(halved.warnings()).hasSize(1).first().asString().contains("is missing");
  }

  @Test
  void variablesOfKubernetesServicesAreIgnored() {
    given
        .variable("SOKETI_PORT", "tcp://10.0.0.7:6001")
        .variable("REVERB_SERVICE_HOST", "10.0.0.8");
    assertThat(given.config().server()).isEqualTo(ServerOptions.DEFAULTS);
    assertThat(given.warnings()).isEmpty();
  }

  @Test
  void webhooksWithOneUrlAndFilterAreOneEndpoint() {
    soketi()
        .variable(
            "SOKETI_DEFAULT_APP_WEBHOOKS",
            """
            [
            \t{"url": "http://a/h", "event_types": ["channel_occupied"], "headers": {"X": "hush"},
            \t "filter": {"channel_name_starts_with": "private-", "channel_name_ends_with": "1"}},
              {"url": "http://b/", "event_types": ["member_added"]},
              {"url": "http://b/", "event_types": ["member_removed"]},
              {"lambda_function": "f", "event_types": ["client_event"]}
            ]
            """);
    List<WebhookEndpoint> endpoints = app().webhooks();
    assertThat(endpoints)
        .extracting(WebhookEndpoint::url)
        .containsExactly("http://a/h", "http://b/");
    assertThat(endpoints.getFirst().channels().prefix()).isEqualTo("private-");
    assertThat(endpoints.getFirst().channels().suffix()).isEqualTo("1");
    assertThat(endpoints.getFirst().headers()).containsEntry("X", new Secret("hush"));
    assertThat(endpoints.getLast().events())
        .containsExactlyInAnyOrder(
            WebhookEvent.Type.MEMBER_ADDED, WebhookEvent.Type.MEMBER_REMOVED);
    assertThat(given.warnings())
        .contains(
            "SOKETI_DEFAULT_APP_WEBHOOKS:6:3: SOKETI_DEFAULT_APP_WEBHOOKS has a lambda_function,"
                + " which is not used: only URLs are");
  }

  @Test
  void invalidWebhooksAreReportedWithoutTheirHeaders() {
    assertThat(soketi().variable("SOKETI_DEFAULT_APP_WEBHOOKS", "{").problems())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("SOKETI_DEFAULT_APP_WEBHOOKS:1:2: not valid JSON: ");
    String wrong = "[{\"url\": \"ftp://a\", \"headers\": {\"X\": \"hush\"}}, 7]";
    assertThat(soketi().variable("SOKETI_DEFAULT_APP_WEBHOOKS", wrong).problems())
        .hasSize(2)
        .noneMatch(line -> line.contains("hush"))
        .first()
        .asString()
        .endsWith("SOKETI_DEFAULT_APP_WEBHOOKS has an item that is not a webhook");
  }
}
