package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.log.LogOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// soketi's JSON file, read unchanged.
final class SoketiFileTest {

  private static final String FILE =
      """
      {
      \t"debug": true,
      \t"port": 7001,
      \t"presence": {"maxMembersPerChannel": "50"},
      \t"eventLimits.maxPayloadInKb": 20,
      \t"adapter.redis.prefix": "live",
      \t"appManager.array.apps": [
      \t\t{
      \t\t\t"id": "one", "key": "k1", "secret": "s\\u00e9\\/1", "enabled": true,
      \t\t\t"maxConnections": -1, "enableClientMessages": true,
      \t\t\t"maxBackendEventsPerSecond": 100, "maxClientEventsPerSecond": "20",
      \t\t\t"maxReadRequestsPerSecond": -1, "maxEventPayloadInKb": 1, "webhooks": null
      \t\t},
      \t\t{"id": 2, "key": "k2", "secret": "s2", "maxChannelNameLength": 99, "color": "red",
      \t\t "webhooks": [{"url": "http://a", "event_types": ["cache_miss"]}]}
      \t]
      }
      """;

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private Given json(String text) {
    return given.file(given.write("soketi.json", text));
  }

  @Test
  void everySettingIsRead() {
    Config config = json(FILE).config();
    assertThat(config.server().port()).isEqualTo(7001);
    assertThat(config.log().level()).isEqualTo(LogOptions.Level.DEBUG);
    App one = config.apps().getFirst();
    assertThat(one.id()).isEqualTo("one");
    assertThat(one.secret()).isEqualTo(new Secret("sé/1"));
    assertThat(one.options().clientEvents()).isTrue();
    assertThat(one.limits().maxHttpEventsPerSecond()).isEqualTo(100);
    assertThat(one.limits().maxClientEventsPerSecond()).isEqualTo(20);
    assertThat(one.limits().maxEventBytes()).isEqualTo(1_024);
    assertThat(one.limits().maxPresenceMembers()).isEqualTo(50);
    App two = config.apps().getLast();
    assertThat(two.limits().maxEventBytes()).isEqualTo(20_480);
    assertThat(two.limits().maxChannelNameChars()).isEqualTo(99);
    assertThat(two.limits().maxClientEventsPerSecond()).isZero();
    assertThat(two.webhooks()).hasSize(1);
  }

  @Test
  void unusedKeysAreReported() {
    assertThat(json(FILE).warnings())
        .contains(
            "soketi.json:6:2: \"adapter.redis.prefix\" is not used",
            "soketi.json:14:70: appManager.array.apps[1] has a key that is not used: \"color\"");
  }

  @Test
  void errorsHaveTheirPosition() {
    String wrong =
        "{\"port\": \"x\", \"appManager.array.apps\": [{\"id\": \"1\", \"key\": \"k\"}]}";
    assertThat(json(wrong).problems())
        .containsExactly(
            "soketi.json:1:10: port is \"x\", but must be a whole number from 0 to 65535",
            "soketi.json:1:41: appManager.array.apps[0].secret is missing");
    assertThat(json("{\"appManager\": {\"array\": {\"apps\": 7}}}").problems())
        .containsExactly("soketi.json:1:35: appManager.array.apps must be a list of apps");
    assertThat(json("{\"port\": 1").problems())
        .hasSize(1)
        .first()
        .asString()
        .contains("not valid JSON");
  }

  @Test
  void variablesOverrideIt() {
    json(FILE).variable("SOKETI_PORT", "7002").variable("FANFARE_HOST", "127.0.0.1");
    assertThat(given.config().server().port()).isEqualTo(7002);
    assertThat(given.config().server().host()).isEqualTo("127.0.0.1");
    assertThat(given.config().apps()).hasSize(2);
  }

  @Test
  void aFileOfOursMayBeJsonToo() {
    assertThat(json("{\"server\": {\"port\": 7003}}").config().server().port()).isEqualTo(7003);
    assertThat(json("{\"sever\": {\"port\": 7003}}").problems())
        .containsExactly("soketi.json:1:2: sever is not known; did you mean server?");
  }
}
