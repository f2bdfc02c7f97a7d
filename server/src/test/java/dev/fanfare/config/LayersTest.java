package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppBuilder;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.AppOptionsBuilder;
import dev.fanfare.app.Secret;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.log.LogOptions;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.LimitsBuilder;
import dev.fanfare.transport.FallbackOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.ServerOptionsBuilder;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.address.Network;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The layer of a file, and the precedence of layers.
final class LayersTest {

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  @Test
  void aFileSetsEveryOption() {
    Config config =
        given
            .yaml(
                """
                server:
                  host: "::1"
                  port: 7001
                  path_prefix: /realtime/v1
                  transport: nio
                  lanes: 3
                  activity_timeout_seconds: 60
                  pong_timeout_seconds: 10
                  max_message_bytes: 200000
                  max_request_bytes: 3000000
                  read_bytes_per_second: 5000000
                  max_pending_bytes: 4000000
                  max_sockets: 50
                  max_connections_per_address: 5
                  max_handshakes_per_second_per_address: 6
                  trusted_proxies: [10.0.0.0/8, "fd00::/8"]
                  proxy_protocol: required
                  request_timeout_seconds: 7
                  handshake_timeout_seconds: 8
                  head_timeout_seconds: 4
                  keep_alive_seconds: 9
                  warm_up_seconds: 11
                  http_fallbacks: false
                  http_fallback_host: node2.example
                  http_fallback_grace_seconds: 6
                  log: json
                  log_level: debug
                  metrics: false
                  metrics_host: 0.0.0.0
                  metrics_port: 9602
                  metrics_names: both
                webhooks:
                  data_dir: /var/lib/fanfare
                  max_dead_letters: 17
                apps:
                  - id: "007"
                    key: abc
                    secret: 12345
                    enabled: false
                    client_events: true
                    subscription_counts: true
                    watchlists: true
                    authorized_connections_only: true
                    authorization_timeout_seconds: 5
                    allowed_origins: [example.com, "*.example.org", "https://a.b:8443"]
                    compression: true
                    slow_readers: drop
                    first_subscription_timeout_seconds: 6
                    replay_protection: true
                    previous_secret: 67890
                    limits:
                      max_connections: 1
                      max_subscriptions: 2
                      max_channel_name_chars: 3
                      max_event_name_chars: 4
                      max_event_bytes: 5
                      max_channels_per_event: 6
                      max_batch_events: 7
                      max_client_events_per_second: 8
                      max_presence_members: 9
                      max_presence_member_bytes: 10
                      max_user_id_chars: 11
                      max_watchlist: 12
                      cache_ttl_seconds: 13
                      max_http_events_per_second: 14
                      max_http_reads_per_second: 15
                      max_subscription_changes_per_second: 16
                      max_cache_bytes: 17
                """)
            .config();
    assertThat(config.server())
        .isEqualTo(
            ServerOptionsBuilder.builder()
                .host("::1")
                .port(7001)
                .pathPrefix("/realtime/v1")
                .activityTimeoutSeconds(60)
                .pongTimeoutSeconds(10)
                .maxMessageBytes(200_000)
                .maxRequestBytes(3_000_000)
                .readBytesPerSecond(5_000_000)
                .maxPendingBytes(4_000_000)
                .lanes(3)
                .transport(ServerOptions.Transport.NIO)
                .maxSockets(50)
                .maxConnectionsPerAddress(5)
                .maxHandshakesPerSecondPerAddress(6)
                .trustedProxies(Stream.of("10.0.0.0/8", "fd00::/8").map(Network::parse).toList())
                .proxyProtocol(ServerOptions.ProxyProtocol.REQUIRED)
                .requestTimeoutSeconds(7)
                .handshakeTimeoutSeconds(8)
                .headTimeoutSeconds(4)
                .keepAliveSeconds(9)
                .warmUpSeconds(11)
                .fallback(new FallbackOptions(false, "node2.example", 6))
                .tls(TlsOptions.OFF)
                .build());
    assertThat(config.log())
        .isEqualTo(new LogOptions(LogOptions.Format.JSON, LogOptions.Level.DEBUG));
    assertThat(config.metrics())
        .isEqualTo(new MetricsOptions(false, "0.0.0.0", 9602, MetricsOptions.Names.BOTH));
    assertThat(config.webhooks())
        .isEqualTo(WebhookOptions.DEFAULTS.withDataDir("/var/lib/fanfare").withMaxDeadLetters(17));
    assertThat(config.apps())
        .containsExactly(
            AppBuilder.builder()
                .id("007")
                .key("abc")
                .secret(new Secret("12345"))
                .options(
                    AppOptionsBuilder.builder()
                        .enabled(false)
                        .clientEvents(true)
                        .subscriptionCounts(true)
                        .watchlists(true)
                        .authorizedConnectionsOnly(true)
                        .authorizationTimeoutSeconds(5)
                        .allowedOrigins(List.of("example.com", "*.example.org", "https://a.b:8443"))
                        .compression(true)
                        .slowReaders(SlowReaders.DROP)
                        .firstSubscriptionTimeoutSeconds(6)
                        .replayProtection(true)
                        .build())
                .limits(
                    LimitsBuilder.builder()
                        .maxConnections(1)
                        .maxSubscriptions(2)
                        .maxSubscriptionChangesPerSecond(16)
                        .maxChannelNameChars(3)
                        .maxEventNameChars(4)
                        .maxEventBytes(5)
                        .maxChannelsPerEvent(6)
                        .maxBatchEvents(7)
                        .maxClientEventsPerSecond(8)
                        .maxPresenceMembers(9)
                        .maxPresenceMemberBytes(10)
                        .maxUserIdChars(11)
                        .maxWatchlist(12)
                        .cacheTtlSeconds(13)
                        .maxCacheBytes(17)
                        .maxHttpEventsPerSecond(14)
                        .maxHttpReadsPerSecond(15)
                        .build())
                .previousSecret(new Secret("67890"))
                .webhooks(List.of())
                .history(List.of())
                .build());
  }

  @Test
  void anAppHasTheHostedDefaults() {
    App app = given.yaml("apps: [{id: 1, key: a, secret: x}]").config().apps().getFirst();
    assertThat(app.options()).isEqualTo(AppOptions.DEFAULTS);
    assertThat(app.limits()).isEqualTo(Limits.HOSTED);
  }

  @Test
  void webhooksAreStoredInTheNamedFolder() {
    assertThat(given.config().webhooks().dataDir()).isEmpty();
    given.variable("FANFARE_WEBHOOKS_DATA_DIR", "here");
    assertThat(given.config().webhooks().dataDir()).isEqualTo("here");
    given.variable("FANFARE_WEBHOOKS_DATA_DIR", "");
    assertThat(given.config().webhooks().dataDir()).isEmpty();
  }

  @Test
  void misspelledWebhookOptionsGetASuggestion() {
    given.yaml("webhooks: {datadir: x}").variable("FANFARE_WEBHOOKS_DEAD_LETTERS", "1");
    assertThat(given.problems())
        .containsExactly(
            "fanfare.yaml:1:12: webhooks.datadir is not known; did you mean webhooks.data_dir?",
            "environment: FANFARE_WEBHOOKS_DEAD_LETTERS is not known; did you mean"
                + " FANFARE_WEBHOOKS_MAX_DEAD_LETTERS?");
  }

  @Test
  void anEmptyFileIsValid() {
    for (String yaml : List.of("", "# nothing\n", "server:\napps:\n", "apps: []", "apps: [ ]\n")) {
      assertThat(given.yaml(yaml).config().apps()).isEmpty();
    }
  }

  @Test
  void flagsOverrideVariablesOverrideTheFile() {
    given.yaml("server: {port: 1, host: file, lanes: 2}");
    given.variable("FANFARE_PORT", "3").variable("FANFARE_HOST", "variable").flag("--port", "4");
    ServerOptions server = given.config().server();
    assertThat(server.port()).isEqualTo(4);
    assertThat(server.host()).isEqualTo("variable");
    assertThat(server.lanes()).isEqualTo(2);
  }

  @Test
  void aWrongValueIsReportedEvenIfItIsOverridden() {
    given.yaml("server: {port: x}").variable("FANFARE_PORT", "y").flag("--port", "z");
    assertThat(given.problems())
        .containsExactly(
            "fanfare.yaml:1:16: server.port is \"x\", but must be a whole number from 0 to 65535",
            "environment: FANFARE_PORT is \"y\", but must be a whole number from 0 to 65535",
            "command line: --port is \"z\", but must be a whole number from 0 to 65535");
  }

  @Test
  void theConfigFlagOverridesTheConfigVariable() {
    Path other = given.write("other.yaml", "server: {port: 1}");
    given.variable("FANFARE_CONFIG", other.toString());
    assertThat(given.config().server().port()).isEqualTo(1);
    assertThat(given.yaml("server: {port: 2}").config().server().port()).isEqualTo(2);
  }

  @Test
  void appsAreMergedById() {
    given.yaml(
        """
        apps:
          - {id: 1, key: a, client_events: true, watchlists: true}
          - {id: 2, key: b, secret: y}
        """);
    List<App> apps =
        given
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_SECRET", "x")
            .variable("FANFARE_APP_WATCHLISTS", "false")
            .variable("FANFARE_APPS", "c:z@3")
            .config()
            .apps();
    assertThat(apps).extracting(App::id).containsExactly("1", "2", "3");
    App first = apps.getFirst();
    assertThat(first.secret()).isEqualTo(new Secret("x"));
    assertThat(first.options().clientEvents()).isTrue();
    assertThat(first.options().watchlists()).isFalse();
  }

  @Test
  void aSecretOfTheEnvironmentOverridesASecretFileOfTheFile() {
    Path file = given.write("secret", "from file");
    given.yaml("apps: [{id: 1, key: a, secret_file: " + file + "}]");
    given.variable("FANFARE_APP_ID", "1").variable("FANFARE_APP_SECRET", "from variable");
    assertThat(given.config().apps().getFirst().secret()).isEqualTo(new Secret("from variable"));
  }

  @Test
  void anAppOfTheEnvironmentCannotTakeTheKeyOfAnother() {
    given.yaml("apps: [{id: 1, key: a, secret: x}]");
    assertThat(given.variable("FANFARE_APPS", "a:y@2").problems())
        .containsExactly(
            "environment: FANFARE_APPS_0_KEY is \"a\", but so is apps[0].key (fanfare.yaml:1:21)");
  }

  @Test
  void twoAppsOfTheEnvironmentCannotShareAnId() {
    given.variable("FANFARE_APP_ID", "1").variable("FANFARE_APP_KEY", "a");
    given.variable("FANFARE_APP_SECRET", "x").variable("FANFARE_APPS", "b:y@1");
    assertThat(given.problems())
        .containsExactly(
            "environment: FANFARE_APPS_0_ID is \"1\", but so is FANFARE_APP_ID (FANFARE_APP_ID)");
  }
}
