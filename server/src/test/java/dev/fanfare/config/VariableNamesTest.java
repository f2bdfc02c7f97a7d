package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The names of the variables of all options.
final class VariableNamesTest {

  /// A variable is found by its whole name, so each name must be unique.
  @Test
  void noTwoOptionsShareAVariable() {
    Set<String> names = new HashSet<>(Set.of(Environment.APPS, Environment.FILE));
    List<String> again = new ArrayList<>();
    Map.of(
            Environment.DATABASE,
            DatabaseSchema.OWN,
            Environment.PREFIX,
            Stream.concat(ServerSchema.ALL.stream(), Stream.of(DatabaseSchema.APPS_FROM)).toList(),
            Environment.WEBHOOKS,
            WebhooksSchema.ALL,
            Environment.APP,
            AppSchema.ALL,
            Environment.APPS + "_0_",
            AppSchema.ALL,
            Environment.APP_WEBHOOKS,
            EndpointSchema.ALL,
            Environment.APPS + "_0_WEBHOOKS_0_",
            EndpointSchema.ALL,
            Environment.APP_HISTORY,
            HistorySchema.ALL,
            Environment.APPS + "_0_HISTORY_0_",
            HistorySchema.ALL)
        .forEach((prefix, schema) -> {
          for (Option<?> option : schema) {
            String name = prefix + option.variable();
            if (!names.add(name)) {
              again.add(name);
            }
          }
        });
    assertThat(again).isEmpty();
    // Numbers are looked for first, so no other option may look like one of a numbered section.
    assertThat(AppSchema.ALL)
        .noneMatch(option -> option.variable().matches("(WEBHOOKS|HISTORY)_.*"));
    assertThat(ServerSchema.ALL)
        .noneMatch(option -> option.variable().matches("(APPS?|WEBHOOKS)_.*"));
  }
}
