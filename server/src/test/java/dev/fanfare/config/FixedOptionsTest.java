package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings that need a restart.
final class FixedOptionsTest {

  @TempDir Path directory;

  private Config yaml(String text) {
    return new Given(directory).yaml(text).config();
  }

  @Test
  void optionsAreNamedAsTheyAreSet() {
    Config running = yaml("server: {port: 1, lanes: 2, drain_seconds: 1, log_level: info}");
    Config next =
        new Given(directory)
            .yaml(
                "server: {port: 3, lanes: 2, drain_seconds: 9, log_level: debug}\n"
                    + "webhooks: {hold_back_seconds: 0}")
            .variable("FANFARE_LOG", "json")
            .config();
    assertThat(FixedOptions.needed(running, running)).isEmpty();
    assertThat(FixedOptions.needed(running, next))
        .containsExactly("server.port", "FANFARE_LOG", "webhooks.hold_back_seconds");
  }

  @Test
  void theFirstWebhookNeedsAFolder() {
    Config without = yaml("apps: [{id: 1, key: a, secret: b}]");
    Config with = yaml("apps: [{id: 1, key: a, secret: b, webhooks: [{url: 'http://a'}]}]");
    assertThat(FixedOptions.needed(without, with)).containsExactly("webhooks.data_dir");
    assertThat(FixedOptions.needed(with, with)).isEmpty();
  }

  @Test
  void anOptionSaysWhetherAReloadAppliesIt() {
    assertThat(ServerSchema.ALL)
        .filteredOn(Option::isReloaded)
        .extracting(Option::key)
        .containsExactly(
            "drain_connections_per_second",
            "drain_seconds",
            "drain_delay_seconds",
            "log_level",
            "console_users",
            "console_users_file",
            "operator_keys");
    assertThat(WebhooksSchema.ALL).isNotEmpty().noneMatch(Option::isReloaded);
    assertThat(ClusterSchema.ALL).isNotEmpty().noneMatch(Option::isReloaded);
    assertThat(AppSchema.ALL).isNotEmpty().allMatch(Option::isReloaded);
    assertThat(EndpointSchema.ALL).isNotEmpty().allMatch(Option::isReloaded);
  }

  @Test
  void changesOfAppsNeedNoRestart() {
    Config one = yaml("apps: [{id: 1, key: a, secret: b}]");
    Config other = yaml("apps: [{id: 2, key: c, secret: d, client_events: true}]");
    assertThat(FixedOptions.needed(one, other)).isEmpty();
  }
}
