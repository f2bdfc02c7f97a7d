package dev.fanfare.config;

import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.LedgerSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.config.value.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a configuration as equivalent YAML, with the source of each value in a comment. Secrets
/// are masked.
public final class EffectiveYaml {

  private static final int LONGEST_ALIGNED = 60;

  private record Line(String text, @Nullable String comment) {}

  /// One value.
  ///
  /// @param key with its section: `server.port`, `apps.1.limits.max_event_bytes`
  /// @param value may be secret
  /// @param shown the value as YAML; masked if it is secret
  public record Entry(String key, @Nullable Object value, String shown, Source source) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  private EffectiveYaml() {}

  /// The text; ends with a line break.
  public static String of(Config config) {
    return write(config).text();
  }

  /// Every value that the text has, in its order.
  public static List<Entry> entries(Config config) {
    return List.copyOf(write(config).entries);
  }

  private static EffectiveYaml write(Config config) {
    EffectiveYaml yaml = new EffectiveYaml();
    yaml.lines.add(new Line("server:", null));
    yaml.section("  ", "server.", config.draft().server(), ServerSchema.ALL);
    yaml.lines.add(new Line("webhooks:", null));
    yaml.section("  ", "webhooks.", config.draft().webhooks(), WebhooksSchema.ALL);
    yaml.lines.add(new Line("cluster:", null));
    yaml.section("  ", "cluster.", config.draft().cluster(), ClusterSchema.ALL);
    if (config.database().isOn()) {
      Section database = config.draft().database();
      yaml.section("", "", database, List.of(DatabaseSchema.APPS_FROM));
      yaml.lines.add(new Line("database:", null));
      yaml.section("  ", "database.", database, DatabaseSchema.OWN);
    } else if (config.draft().apps().isEmpty()) {
      yaml.lines.add(
          new Line("apps: []", "none configured, so each start creates a temporary one"));
    } else {
      yaml.lines.add(new Line("apps:", null));
      config.draft().apps().forEach(yaml::app);
    }
    return yaml;
  }

  private void app(Section app) {
    String path = "apps." + app.get(AppSchema.ID) + ".";
    item("  ", path, app, AppSchema.OWN);
    lines.add(new Line("    limits:", null));
    section("      ", path, app, LimitsSchema.ALL);
    if (app.webhooks().isEmpty()) {
      lines.add(new Line("    webhooks: []", null));
    } else {
      lines.add(new Line("    webhooks:", null));
      for (int i = 0; i < app.webhooks().size(); i++) {
        endpoint(path + "webhooks." + i + ".", app.webhooks().get(i));
      }
    }
    if (!app.history().isEmpty()) {
      lines.add(new Line("    history:", null));
      for (int i = 0; i < app.history().size(); i++) {
        rule(path + "history." + i + ".", app.history().get(i));
      }
    }
  }

  private void rule(String path, Section rule) {
    item("      ", path, rule, HistorySchema.OWN);
    lines.add(new Line("        channels:", null));
    section("          ", path, rule, HistorySchema.CHANNELS);
  }

  private void endpoint(String path, Section endpoint) {
    item("      ", path, endpoint, EndpointSchema.OWN);
    lines.add(new Line("        channels:", null));
    section("          ", path, endpoint, EndpointSchema.CHANNELS);
    lines.add(new Line("        exclude:", null));
    section("          ", path, endpoint, EndpointSchema.EXCLUDE);
  }

  /// A section as an item of a list.
  private void item(String indent, String path, Section section, List<Option<?>> options) {
    int first = lines.size();
    section(indent + "  ", path, section, options);
    Line line = lines.get(first);
    lines.set(first, new Line(indent + "- " + line.text().strip(), line.comment()));
  }

  private void section(String indent, String path, Section section, List<Option<?>> options) {
    for (Option<?> option : options) {
      if (option.key().equals(option.slot()) && section.find(option) != null) {
        setting(indent, path, section, option);
      }
    }
  }

  private <T> void setting(String indent, String path, Section section, Option<T> option) {
    Setting<T> setting = section.setting(option);
    String key = option.key().substring(option.key().lastIndexOf('.') + 1);
    String value = option.kind().show(setting.value());
    entries.add(new Entry(path + option.key(), setting.value(), value, setting.source()));
    String label = setting.source().label();
    String derived = LedgerSchema.derived(option, setting.value());
    lines.add(
        new Line(indent + key + ": " + value, derived == null ? label : label + ": " + derived));
  }

  private String text() {
    int width =
        lines.stream()
            .mapToInt(line -> line.text().length())
            .filter(length -> length <= LONGEST_ALIGNED)
            .max()
            .orElse(0);
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      out.append(line.text());
      if (line.comment() != null) {
        out.repeat(' ', Math.max(0, width - line.text().length()));
        out.append("  # ").append(line.comment());
      }
      out.append('\n');
    }
    return out.toString();
  }
}
