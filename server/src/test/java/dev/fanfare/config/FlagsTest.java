package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.layer.Flags;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlagsTest {

  private static final Set<String> SECRET_IN_A_CLUSTER =
      Set.of("redis_urls", "nats_urls", "password", "sentinel_password", "secret");

  /// Users have hashes of passwords.
  private static final Set<String> SECRET_OF_THE_SERVER =
      Set.of("--tls-password", "--acme-mac-key", "--console-users", "--operator-keys");

  @TempDir private Path folder;

  @Test
  void everyOptionButSecretsHasAFlag() {
    List<String> options =
        Stream.of(
                ServerSchema.ALL.stream().map(option -> "--" + option.key()),
                WebhooksSchema.ALL.stream().map(option -> "--webhooks-" + option.key()),
                ClusterSchema.ALL.stream()
                    .filter(option -> !SECRET_IN_A_CLUSTER.contains(option.key()))
                    .map(option -> "--cluster-" + option.key()),
                Stream.of("--apps_from"),
                DatabaseSchema.OWN.stream()
                    .filter(option -> !option.key().equals("password"))
                    .map(option -> "--database-" + option.key()))
            .flatMap(names -> names)
            .map(name -> name.replace('_', '-'))
            .filter(name -> !SECRET_OF_THE_SERVER.contains(name))
            .toList();
    assertThat(Flags.all().stream().map(Flags.Flag::name)).containsExactlyElementsOf(options);
  }

  @Test
  void flagsOverrideVariables() {
    Config config =
        new Given(folder)
            .variable("FANFARE_PONG_TIMEOUT_SECONDS", "20")
            .variable("FANFARE_WEBHOOKS_MAX_DEAD_LETTERS", "1")
            .flag("--pong-timeout-seconds", "7")
            .flag("--webhooks-max-dead-letters", "2")
            .config();
    assertThat(config.server().pongTimeoutSeconds()).isEqualTo(7);
    assertThat(config.webhooks().maxDeadLetters()).isEqualTo(2);
  }

  @Test
  void errorsNameFlags() {
    assertThat(new Given(folder).flag("--webhooks-max-dead-letters", "many").problems())
        .containsExactly(
            "command line: --webhooks-max-dead-letters is \"many\", but must be a whole number from"
                + " 0 to 1000000");
  }
}
