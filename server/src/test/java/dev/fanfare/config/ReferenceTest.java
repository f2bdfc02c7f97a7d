package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.config.foreign.AliasTable;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.protocol.Limits;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page that lists every option, and the tables it is made from.
final class ReferenceTest {

  @TempDir Path directory;

  @Test
  void theCommittedPageIsTheGeneratedOne() throws IOException {
    assertThat(Files.readString(Path.of("../docs/configuration.md")))
        .as("docs/configuration.md; generate it with: fanfare config reference")
        .isEqualTo(Reference.markdown());
  }

  @Test
  void theGuideHasTheTablesOfAliases() throws IOException {
    assertThat(Files.readString(Path.of("../docs/migration.md")))
        .as("the last section of docs/migration.md; generate it with: fanfare config aliases")
        .endsWith("\n\n" + AliasTable.markdown());
  }

  @Test
  void everyLimitIsInTheTable() {
    List<Option<?>> limits =
        Stream.concat(LimitsSchema.ALL.stream(), ServerSchema.ALL.stream())
            .filter(option -> option.key().matches("(limits\\.)?max_.*"))
            .toList();
    assertThat(LimitsTable.options()).containsExactlyInAnyOrderElementsOf(limits);
    assertThat(LimitsSchema.ALL)
        .filteredOn(option -> !limits.contains(option))
        .containsExactly(LimitsSchema.CACHE_TTL_SECONDS);
  }

  @Test
  void theExampleOnThePageWorks() {
    Given given = new Given(directory);
    Path secret = given.write("secret", "x");
    given.write("secret-another", "y");
    String page = Reference.markdown();
    String example =
        page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("\n```\n\n## The env"));
    List<App> apps =
        given.yaml(example.replace("/run/secrets/fanfare", secret.toString())).config().apps();
    assertThat(apps).extracting(App::id).containsExactly("1", "2");
    assertThat(apps.getFirst().options().allowedOrigins()).hasSize(3);
    assertThat(apps.getFirst().webhooks()).hasSize(1);
  }

  @Test
  void everyOptionOfAPartCanBeConfigured() {
    List<String> server = new ArrayList<>(components("", ServerOptions.class));
    assertThat(server.remove("tls")).as("a component with separate options").isTrue();
    assertThat(server.remove("fallback")).as("another one").isTrue();
    List<String> tls = new ArrayList<>(components("tls_", TlsOptions.class));
    assertThat(tls.remove("tls_is_ordered")).as("what acme_domains says").isTrue();
    assertThat(keys(ServerSchema.ALL))
        .contains("http_fallbacks", "http_fallback_host", "http_fallback_grace_seconds")
        .containsAll(server)
        .containsAll(tls);
    assertThat(keys(AppSchema.OWN)).containsAll(components("", AppOptions.class));
    assertThat(keys(LimitsSchema.ALL)).isEqualTo(components("limits.", Limits.class));
    assertThat(keys(WebhooksSchema.ALL)).isEqualTo(components("", WebhookOptions.class));
    assertThat(keys(EndpointSchema.CHANNELS))
        .isEqualTo(components("channels.", ChannelFilter.class));
    assertThat(keys(EndpointSchema.EXCLUDE))
        .isEqualTo(components("exclude.", ExcludedChannels.class));
  }

  @Test
  void everyDefaultIsAllowed() {
    Stream.of(
            ServerSchema.ALL,
            WebhooksSchema.ALL,
            ClusterSchema.ALL,
            DatabaseSchema.ALL,
            AppSchema.ALL,
            EndpointSchema.ALL)
        .flatMap(List::stream)
        .forEach(this::allowsDefault);
  }

  private <T> void allowsDefault(Option<T> option) {
    if (option.fallback() != null) {
      String text = option.kind().show(option.fallback()).replaceAll("^[\"\\[{]|[\"\\]}]$", "");
      assertThat(option.kind().parse(text)).as(option.key()).isEqualTo(option.fallback());
    }
  }

  private static List<String> keys(List<Option<?>> options) {
    return options.stream().map(Option::key).toList();
  }

  private static List<String> components(String prefix, Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> prefix + name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
        .toList();
  }
}
