package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.sql.AppRow;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows of soketi's table and of ours are apps with the checks of the configuration.
final class AppRowsTest {

  @TempDir Path directory;
  private Given given;

  private final Map<String, String> columns = new HashMap<>();

  @BeforeEach
  void begin() {
    given = new Given(directory);
    columns.putAll(Map.of("id", "7", "key", "a-key", "secret", "a-secret"));
  }

  private Parsed<App> read() {
    return new AppRows(given.config()).read(new AppRow("7", "a-key", columns));
  }

  private App app() {
    return switch (read()) {
      case Parsed.Ok<App>(App app) -> app;
      case Parsed.Bad(String reason) -> throw new AssertionError(reason);
    };
  }

  private String refusal() {
    return switch (read()) {
      case Parsed.Ok<App>(App app) -> throw new AssertionError(app);
      case Parsed.Bad(String reason) -> reason;
    };
  }

  private void soketi() {
    given.variable("SOKETI_APP_MANAGER_DRIVER", "mysql");
  }

  private void ours() {
    given.variable("FANFARE_APPS_FROM", "postgres");
  }

  /// Any row may have webhooks, also one that is created later.
  @Test
  void webhooksAreStoredFromTheStartOn() {
    ours();
    assertThat(given.config().webhooks().dataDir()).isEqualTo("fanfare-data");
  }

  /// The ten columns of soketi's documentation.
  @Test
  void missingColumnsHaveSoketisDefaults() {
    soketi();
    columns.put("max_connections", "-1");
    columns.put("enable_client_messages", "1");
    columns.put("enabled", "1");
    columns.put("max_backend_events_per_sec", "-1");
    columns.put("max_client_events_per_sec", "-1");
    columns.put("max_read_req_per_sec", "-1");
    App app = app();
    assertThat(app.id()).isEqualTo("7");
    assertThat(app.options().clientEvents()).isTrue();
    assertThat(app.options().authorizedConnectionsOnly()).isFalse();
    assertThat(app.webhooks()).isEmpty();
    Limits limits = app.limits();
    assertThat(limits.maxConnections()).isZero();
    assertThat(limits.maxPresenceMembers()).isEqualTo(100);
    assertThat(limits.maxPresenceMemberBytes()).isEqualTo(2_048);
    assertThat(limits.maxChannelNameChars()).isEqualTo(200);
    assertThat(limits.maxEventBytes()).isEqualTo(102_400);
    assertThat(limits.maxBatchEvents()).isEqualTo(10);
    assertThat(limits.maxClientEventsPerSecond()).isZero();
  }

  @Test
  void allColumnsOfSoketiAreRead() {
    soketi();
    columns.put("max_connections", "5");
    columns.put("enabled", "0");
    columns.put("enable_client_messages", "0");
    columns.put("max_backend_events_per_sec", "6");
    columns.put("max_client_events_per_sec", "7");
    columns.put("max_read_req_per_sec", "8");
    columns.put(
        "webhooks",
        """
        [{"url": "https://a.example/hook", "event_types": ["channel_occupied"],
          "filter": {"channel_name_starts_with": "private-"}, "headers": {"X-A": "b"}}]
        """);
    columns.put("max_presence_members_per_channel", "9");
    columns.put("max_presence_member_size_in_kb", "1");
    columns.put("max_channel_name_length", "100");
    columns.put("max_event_channels_at_once", "11");
    columns.put("max_event_name_length", "12");
    columns.put("max_event_payload_in_kb", "13");
    columns.put("max_event_batch_size", "14");
    columns.put("enable_user_authentication", "1");
    columns.put("created_at", "2026-01-01 00:00:00");
    App app = app();
    assertThat(app.options().enabled()).isFalse();
    assertThat(app.options().authorizedConnectionsOnly()).isTrue();
    assertThat(app.webhooks()).hasSize(1);
    assertThat(app.webhooks().getFirst().url()).isEqualTo("https://a.example/hook");
    assertThat(app.webhooks().getFirst().events())
        .containsExactly(WebhookEvent.Type.CHANNEL_OCCUPIED);
    Limits limits = app.limits();
    assertThat(limits.maxConnections()).isEqualTo(5);
    assertThat(limits.maxHttpEventsPerSecond()).isEqualTo(6);
    assertThat(limits.maxClientEventsPerSecond()).isEqualTo(7);
    assertThat(limits.maxHttpReadsPerSecond()).isEqualTo(8);
    assertThat(limits.maxPresenceMembers()).isEqualTo(9);
    assertThat(limits.maxPresenceMemberBytes()).isEqualTo(1_024);
    assertThat(limits.maxChannelNameChars()).isEqualTo(100);
    assertThat(limits.maxChannelsPerEvent()).isEqualTo(11);
    assertThat(limits.maxEventNameChars()).isEqualTo(12);
    assertThat(limits.maxEventBytes()).isEqualTo(13_312);
    assertThat(limits.maxBatchEvents()).isEqualTo(14);
  }

  @Test
  void soketisValuesForAllAppsApplyWhereAColumnIsNull() {
    soketi();
    given
        .variable("SOKETI_PRESENCE_MAX_MEMBERS", "33")
        .variable("SOKETI_EVENT_MAX_SIZE_IN_KB", "50")
        .variable("SOKETI_USER_AUTHENTICATION_TIMEOUT", "4000");
    columns.put("max_event_payload_in_kb", "20");
    App app = app();
    assertThat(app.limits().maxPresenceMembers()).isEqualTo(33);
    assertThat(app.limits().maxEventBytes()).isEqualTo(20_480);
    assertThat(app.options().authorizationTimeoutSeconds()).isEqualTo(30);
    columns.put("enable_user_authentication", "1");
    assertThat(app().options().authorizationTimeoutSeconds()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "max_connections, many, 'max_connections is \"many\", but must be a whole number'",
    "max_backend_events_per_sec, 0, 'max_backend_events_per_sec is \"0\", but must be -1 for no"
        + " limit, or a whole number above 0'",
    "webhooks, '{', 'not valid JSON: Unexpected end-of-input: expected close marker for Object'",
    "secret, '', 'secret is missing'",
    "max_event_payload_in_kb, 10000, max_request_bytes"
  })
  void anInvalidRowOfSoketiSaysWhatIsWrong(String column, String value, String reason) {
    soketi();
    columns.put(column, value);
    assertThat(refusal()).contains(reason);
  }

  @Test
  void ourRowHasTheOptionsOfAFile() {
    ours();
    columns.put("enabled", "t");
    columns.put("previous_secret", "old-secret");
    columns.put("version", "3");
    columns.put(
        "options",
        """
        {"client_events": true, "compression": true, "allowed_origins": ["a.example"],
         "limits": {"max_presence_members": 200, "max_connections": 3},
         "webhooks": [{"url": "https://a.example/hook", "events": ["channel_occupied"]}],
         "history": [{"replay": "rewind", "channels": {"prefix": "news-"}}]}
        """);
    App app = app();
    assertThat(app.options().clientEvents()).isTrue();
    assertThat(app.options().compression()).isTrue();
    assertThat(app.limits().maxPresenceMembers()).isEqualTo(200);
    assertThat(app.limits().maxConnections()).isEqualTo(3);
    assertThat(app.webhooks()).hasSize(1);
    assertThat(app.previousSecret()).isNotNull();
  }

  @Test
  void withoutOptionsOurRowHasTheDefaults() {
    ours();
    columns.put("enabled", "0");
    assertThat(app().options().enabled()).isFalse();
    assertThat(app().limits()).isEqualTo(Limits.HOSTED);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"client_event\": true}', 'app.client_event is not known; did you mean app.client_events?'",
    "'{\"secret_file\": \"/etc/passwd\"}', options must not have secret_file",
    "'{\"limits\": {\"max_connections\": \"x\"}}', 'app.limits.max_connections is \"x\"'",
    "'[]', options must be a JSON object",
    "'{', not valid JSON"
  })
  void anInvalidRowOfOursSaysWhatIsWrong(String options, String reason) {
    ours();
    columns.put("options", options);
    assertThat(refusal()).contains(reason).doesNotContain("a-secret");
  }
}
