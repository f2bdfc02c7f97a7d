package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ChannelPattern;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.webhook.outbox.WebhookOptions;
import dev.fanfare.webhook.outbox.WebhookOptionsBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Webhook endpoints in a file and in variables, and every error in them.
final class WebhookConfigTest {

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private Given endpoint(String options) {
    return given.yaml(Given.APP + "    webhooks:\n      - {" + options + "}\n");
  }

  @Test
  void aFileSetsEveryOption() {
    Config config =
        given
            .yaml(
                Given.APP
                    + """
                        webhooks:
                          - url: https://example.com/hooks?from=fanfare
                            events: [member_added, channel_occupied]
                            channels: {prefix: private-, suffix: -x, pattern: "private-[0-9]+-x"}
                            exclude:
                              prefix: private-encrypted-
                              suffix: -y
                              pattern: private-9+-x
                            headers:
                              Authorization: Bearer abc
                              X-Env: "1"
                          - url: http://127.0.0.1:8000
                    webhooks:
                      hold_back_seconds: 1
                      batch_window_milliseconds: 2
                      max_batch_events: 3
                      max_pending_events: 4
                      max_disk_bytes: 2000000
                      restart_hold_back_seconds: 6
                    """)
            .config();
    assertThat(config.webhooks())
        .isEqualTo(
            WebhookOptionsBuilder.builder()
                .dataDir("fanfare-data")
                .maxDeadLetters(10_000)
                .holdBackSeconds(1)
                .batchWindowMilliseconds(2)
                .maxBatchEvents(3)
                .maxPendingEvents(4)
                .restartHoldBackSeconds(6)
                .maxDiskBytes(2_000_000)
                .build());
    ChannelPattern pattern = ChannelPattern.parse("private-[0-9]+-x");
    ChannelPattern excluded = ChannelPattern.parse("private-9+-x");
    assertThat(pattern).isNotNull();
    assertThat(excluded).isNotNull();
    assertThat(config.apps().getFirst().webhooks())
        .containsExactly(
            new WebhookEndpoint(
                "https://example.com/hooks?from=fanfare",
                Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED, WebhookEvent.Type.MEMBER_ADDED),
                new ChannelFilter("private-", "-x", pattern),
                new ExcludedChannels("private-encrypted-", "-y", excluded),
                Map.of("Authorization", new Secret("Bearer abc"), "X-Env", new Secret("1"))),
            WebhookEndpoint.at("http://127.0.0.1:8000"));
  }

  @Test
  void withoutSettingsThereIsNoWebhookAndNoFolder() {
    for (String none : List.of("", "    webhooks:\n", "    webhooks: []\n")) {
      Config config = given.yaml(Given.APP + none).config();
      assertThat(config.apps().getFirst().webhooks()).isEmpty();
      assertThat(config.webhooks()).isEqualTo(WebhookOptions.DEFAULTS);
    }
  }

  @Test
  void variablesSetEndpointsOfTheSingleAppAndOfNumberedOnes() {
    Config config =
        given
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_KEY", "a")
            .variable("FANFARE_APP_SECRET", "x")
            .variable("FANFARE_APP_WEBHOOKS_0_URL", "http://a/0")
            .variable("FANFARE_APP_WEBHOOKS_0_EVENTS", "cache_miss, client_event")
            .variable("FANFARE_APP_WEBHOOKS_0_HEADERS", "Authorization: Bearer a:b\nX-B: c\n")
            .variable("FANFARE_APP_WEBHOOKS_0_CHANNELS_PREFIX", "p-")
            .variable("FANFARE_APP_WEBHOOKS_0_EXCLUDE_SUFFIX", "-s")
            .variable("FANFARE_APP_WEBHOOKS_7_URL", "http://a/7")
            .variable("FANFARE_APP_CLIENT_EVENTS", "true")
            .variable("FANFARE_APPS", "b:y@2")
            .variable("FANFARE_APPS_0_WEBHOOKS_0_URL", "http://b/0")
            .variable("FANFARE_WEBHOOKS_HOLD_BACK_SECONDS", "0")
            .config();
    List<WebhookEndpoint> first = config.apps().getFirst().webhooks();
    assertThat(first).extracting(WebhookEndpoint::url).containsExactly("http://a/0", "http://a/7");
    assertThat(first.getFirst().events())
        .containsExactly(WebhookEvent.Type.CLIENT_EVENT, WebhookEvent.Type.CACHE_MISS);
    assertThat(first.getFirst().channels().prefix()).isEqualTo("p-");
    assertThat(first.getFirst().excluded().suffix()).isEqualTo("-s");
    assertThat(first.getFirst().headers())
        .containsExactly(
            entry("Authorization", new Secret("Bearer a:b")), entry("X-B", new Secret("c")));
    assertThat(config.apps().getLast().webhooks())
        .containsExactly(WebhookEndpoint.at("http://b/0"));
    assertThat(config.webhooks().holdBackSeconds()).isZero();
  }

  @Test
  void endpointsOfAnAppAreMergedByUrl() {
    endpoint("url: http://a/, events: [cache_miss]");
    List<WebhookEndpoint> endpoints =
        given
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_WEBHOOKS_0_URL", "http://a/")
            .variable("FANFARE_APP_WEBHOOKS_0_HEADERS", "Authorization: Bearer hush")
            .variable("FANFARE_APP_WEBHOOKS_1_URL", "http://b/")
            .config()
            .apps()
            .getFirst()
            .webhooks();
    assertThat(endpoints).hasSize(2);
    assertThat(endpoints.getFirst().events()).containsExactly(WebhookEvent.Type.CACHE_MISS);
    assertThat(endpoints.getFirst().headers()).containsKey("Authorization");
  }

  /// With 0 bytes every event would be dropped.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1048575",
        "-1",
        "-1 MB",
        "1 MB",
        "1e9",
        "-9223372036853727233",
        "99999999999999999999"
      })
  void theBytesOnDiskAreANumberThatLeavesRoomForEvents(String bytes) {
    assertThat(given.yaml("webhooks:\n  max_disk_bytes: " + bytes).problems())
        .containsExactly(
            "fanfare.yaml:2:19: webhooks.max_disk_bytes is \""
                + bytes
                + "\", but must be a whole number from 1048576 to 1125899906842624");
  }

  @Test
  void aUrlMustBeHttpOrHttps() {
    String must =
        "but must be a URL that begins with http:// or https:// and a host,"
            + " without user, password or fragment; with https:// no underscore in the host";
    for (String url :
        List.of("ftp://a/", "a.com/hook", "http:///x", "http://a:99999/", "/x#y", "https://a_b/")) {
      assertThat(endpoint("url: '" + url + "'").problems())
          .containsExactly(
              "fanfare.yaml:6:15: apps[0].webhooks[0].url is \"" + url + "\", " + must);
    }
    for (String url : List.of("https://me:hush@a.com/", "htp://a/?token=hush", "http://a hush")) {
      assertThat(endpoint("url: '" + url + "'").problems())
          .containsExactly(
              "fanfare.yaml:6:15: apps[0].webhooks[0].url is a text that is not shown here, "
                  + must);
    }
    assertThat(endpoint("events: []").problems())
        .containsExactly("fanfare.yaml:6:9: apps[0].webhooks[0].url is missing");
  }

  @Test
  void aHostNameMayHaveAnUnderscore() {
    String url = "http://laravel_app:8000/hook";
    assertThat(endpoint("url: '" + url + "'").config().apps().getFirst().webhooks())
        .containsExactly(WebhookEndpoint.at(url));
  }

  @Test
  void endpointsOfAnAppMayShareAUrlButNotEverything() {
    assertThat(
            given.yaml(Given.APP + "    webhooks: [{url: http://a}, {url: http://a}]").problems())
        .containsExactly(
            "fanfare.yaml:5:39: apps[0].webhooks[1].url is \"http://a\", but so is"
                + " apps[0].webhooks[0].url, with the same filters (fanfare.yaml:5:22)");
    String filtered =
        Given.APP + "    webhooks: [{url: http://a}, {url: http://a, channels: {prefix: b}}]";
    assertThat(given.yaml(filtered).config().apps().getFirst().webhooks())
        .extracting(WebhookEndpoint::id)
        .containsExactly("http://a", "http://a#2");
    given
        .variable("FANFARE_APP_ID", "1")
        .variable("FANFARE_APP_WEBHOOKS_0_URL", "http://a")
        .variable("FANFARE_APP_WEBHOOKS_1_URL", "http://a")
        .variable("FANFARE_APP_WEBHOOKS_1_CHANNELS_PREFIX", "c");
    assertThat(given.config().apps().getFirst().webhooks())
        .as("the second of the environment changes the second of the file")
        .extracting(endpoint -> endpoint.channels().prefix())
        .containsExactly("", "c");
    assertThat(
            given
                .yaml(
                    Given.APP
                        + "    webhooks: [{url: http://a}]\n"
                        + "  - {id: 2, key: b, secret: y, webhooks: [{url: http://a}]}")
                .problems())
        .isEmpty();
  }

  @Test
  void anUnknownTypeOfEventGetsASuggestion() {
    String must =
        ", but must be some of channel_occupied, channel_vacated, member_added, member_removed,"
            + " client_event, cache_miss, subscription_count";
    assertThat(endpoint("url: http://a, events: [chanel_occupied, 1x, [a]]").problems())
        .containsExactly(
            "fanfare.yaml:6:34: apps[0].webhooks[0].events has \"chanel_occupied\""
                + must
                + "; did you mean channel_occupied?",
            "fanfare.yaml:6:51: apps[0].webhooks[0].events has \"1x\"" + must,
            "fanfare.yaml:6:55: apps[0].webhooks[0].events has a list" + must);
    assertThat(endpoint("url: http://a, events: ''").problems())
        .containsExactly("fanfare.yaml:6:33: apps[0].webhooks[0].events is empty" + must);
  }

  @Test
  void aFilterHasOnlyCharactersOfChannelNames() {
    assertThat(
            endpoint("url: http://a, channels: {prefix: '#x', suffix: 'a b', pattern: '(x'}")
                .problems())
        .containsExactly(
            "fanfare.yaml:6:44: apps[0].webhooks[0].channels.prefix is \"#x\", but must be empty or"
                + " part of a channel name: letters, digits and _ - = @ , . ;",
            "fanfare.yaml:6:58: apps[0].webhooks[0].channels.suffix is \"a b\", but must be empty"
                + " or part of a channel name: letters, digits and _ - = @ , . ;",
            "fanfare.yaml:6:74: apps[0].webhooks[0].channels.pattern is \"(x\", but must be empty"
                + " or a regular expression (RE2) for whole channel names");
  }

  @Test
  void invalidAndReservedHeadersAreRefusedWithoutTheirValues() {
    assertThat(
            endpoint(
                    "url: http://a, headers: {x-pusher-key: hush, Host: hush, 'A B': hush,"
                        + " X-A: \"hush\\nhush\", X-B: [hush], X-C: a, x-c: b}")
                .problems())
        .containsExactly(
            "fanfare.yaml:6:35: apps[0].webhooks[0].headers has x-pusher-key,"
                + " which the server sets itself",
            "fanfare.yaml:6:55: apps[0].webhooks[0].headers has Host,"
                + " which the server sets itself",
            "fanfare.yaml:6:67: apps[0].webhooks[0].headers has a header whose name is not valid in"
                + " HTTP",
            "fanfare.yaml:6:80: apps[0].webhooks[0].headers has X-A with a value that is not shown"
                + " here, but must be printable ASCII",
            "fanfare.yaml:6:99: apps[0].webhooks[0].headers has X-B with a value that is not shown"
                + " here, but must be printable ASCII",
            "fanfare.yaml:6:120: apps[0].webhooks[0].headers has x-c twice");
    assertThat(endpoint("url: http://a, headers: [a]").problems())
        .containsExactly(
            "fanfare.yaml:6:34: apps[0].webhooks[0].headers is a list,"
                + " but must be a mapping of header names to values, or lines of Name: value");
  }

  @Test
  void headersOfAVariableAreRefusedWithoutTheirValues() {
    given.variable("FANFARE_APP_ID", "1").variable("FANFARE_APP_KEY", "a");
    given.variable("FANFARE_APP_SECRET", "x").variable("FANFARE_APP_WEBHOOKS_0_URL", "http://a");
    assertThat(given.variable("FANFARE_APP_WEBHOOKS_0_HEADERS", "hush hush").problems())
        .containsExactly(
            "environment: FANFARE_APP_WEBHOOKS_0_HEADERS has a header whose name is not valid in"
                + " HTTP");
  }

  @Test
  void shapesAndNamesAreChecked() {
    assertThat(given.yaml(Given.APP + "    webhook: []\n    webhooks: http://a\n").problems())
        .containsExactly(
            "fanfare.yaml:5:5: apps[0].webhook is not known; did you mean apps[0].webhooks?",
            "fanfare.yaml:6:15: apps[0].webhooks is a text,"
                + " but must be a list with a dash before each endpoint");
    assertThat(endpoint("url: http://a, evnts: [], channels: {prefx: a}").problems())
        .containsExactly(
            "fanfare.yaml:6:25: apps[0].webhooks[0].evnts is not known;"
                + " did you mean apps[0].webhooks[0].events?",
            "fanfare.yaml:6:47: apps[0].webhooks[0].channels.prefx is not known;"
                + " did you mean apps[0].webhooks[0].channels.prefix?");
    assertThat(given.yaml("webhooks: {hold_back: 3, max_batch_events: 0}").problems())
        .containsExactly(
            "fanfare.yaml:1:12: webhooks.hold_back is not known",
            "fanfare.yaml:1:44: webhooks.max_batch_events is \"0\","
                + " but must be a whole number from 1 to 10000");
  }

  @Test
  void anUnknownVariableGetsASuggestion() {
    given.yaml(Given.APP).variable("FANFARE_APPS", "b:y@2");
    assertThat(
            given
                .variable("FANFARE_APPS_0_WEBHOOKS_0_URL", "http://a")
                .variable("FANFARE_APPS_0_WEBHOOKS_0_EVNTS", "x")
                .variable("FANFARE_WEBHOOKS_HOLDBACK_SECONDS", "1")
                .problems())
        .containsExactly(
            "environment: FANFARE_APPS_0_WEBHOOKS_0_EVNTS is not known;"
                + " did you mean FANFARE_APPS_0_WEBHOOKS_0_EVENTS?",
            "environment: FANFARE_WEBHOOKS_HOLDBACK_SECONDS is not known;"
                + " did you mean FANFARE_WEBHOOKS_HOLD_BACK_SECONDS?");
  }

  @Test
  void eventsThatAreNeverSentAreAWarning() {
    assertThat(endpoint("url: http://a, events: [client_event, cache_miss]").warnings())
        .containsExactly(
            "fanfare.yaml:6:33: apps[0].webhooks[0].events has client_event, which is never sent,"
                + " since apps[0].client_events is false (the default)");
    assertThat(endpoint("url: http://a").warnings()).isEmpty();
  }

  @Test
  void headersAreMaskedAndTheRestReadsBackAsTheSame() {
    endpoint(
        "url: 'http://a/b=c', events: [cache_miss], channels: {pattern: 'a.*', suffix: '-x'},"
            + " headers: {Authorization: Bearer hush}");
    given.variable("FANFARE_WEBHOOKS_MAX_BATCH_EVENTS", "7");
    assertThat(given.printed())
        .doesNotContain("hush")
        .contains("headers: {Authorization: \"********\"}")
        .containsPattern("\n  max_batch_events: 7 +# FANFARE_WEBHOOKS_MAX_BATCH_EVENTS\n")
        .containsPattern("\n      - url: \"http://a/b=c\" +# fanfare.yaml:6:15\n");
    Config config = given.config();
    Config again = new Given(directory).yaml(given.printed()).config();
    assertThat(again.webhooks()).isEqualTo(config.webhooks());
    assertThat(again.apps().getFirst().webhooks().getFirst().withHeaders(Map.of()))
        .isEqualTo(config.apps().getFirst().webhooks().getFirst().withHeaders(Map.of()));
  }

  @Test
  void theExampleInTheManualWorks() throws IOException {
    String page = Files.readString(Path.of("../docs/webhooks.md"));
    int start = page.indexOf("```yaml\n") + "```yaml\n".length();
    String secret = given.write("secret", "not-shown").toString();
    String example = page.substring(start, page.indexOf("```", start));
    Config config = given.yaml(example.replace("/run/secrets/fanfare", secret)).config();
    assertThat(config.apps().getFirst().webhooks()).hasSize(2);
  }
}
