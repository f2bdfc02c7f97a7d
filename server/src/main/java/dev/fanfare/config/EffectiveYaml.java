package dev.fanfare.config;

import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.LedgerSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.WebhooksSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a configuration as equivalent YAML, with the source of each value in a comment. Secrets
/// are masked.
public final class EffectiveYaml {

  private static final int LONGEST_ALIGNED = 60;

  private record Line(String text, @Nullable String comment) {}

  private final List<Line> lines = new ArrayList<>();

  private EffectiveYaml() {}

  /// The text; ends with a line break.
  public static String of(Config config) {
    EffectiveYaml yaml = new EffectiveYaml();
    yaml.lines.add(new Line("server:", null));
    yaml.section("  ", config.draft().server(), ServerSchema.ALL);
    yaml.lines.add(new Line("webhooks:", null));
    yaml.section("  ", config.draft().webhooks(), WebhooksSchema.ALL);
    yaml.lines.add(new Line("cluster:", null));
    yaml.section("  ", config.draft().cluster(), ClusterSchema.ALL);
    if (config.draft().apps().isEmpty()) {
      yaml.lines.add(
          new Line("apps: []", "none configured, so each start creates a temporary one"));
    } else {
      yaml.lines.add(new Line("apps:", null));
      config.draft().apps().forEach(yaml::app);
    }
    return yaml.text();
  }

  private void app(Section app) {
    item("  ", app, AppSchema.OWN);
    lines.add(new Line("    limits:", null));
    section("      ", app, LimitsSchema.ALL);
    if (app.webhooks().isEmpty()) {
      lines.add(new Line("    webhooks: []", null));
    } else {
      lines.add(new Line("    webhooks:", null));
      app.webhooks().forEach(this::endpoint);
    }
    if (!app.history().isEmpty()) {
      lines.add(new Line("    history:", null));
      app.history().forEach(this::rule);
    }
  }

  private void rule(Section rule) {
    item("      ", rule, HistorySchema.OWN);
    lines.add(new Line("        channels:", null));
    section("          ", rule, HistorySchema.CHANNELS);
  }

  private void endpoint(Section endpoint) {
    item("      ", endpoint, EndpointSchema.OWN);
    lines.add(new Line("        channels:", null));
    section("          ", endpoint, EndpointSchema.CHANNELS);
    lines.add(new Line("        exclude:", null));
    section("          ", endpoint, EndpointSchema.EXCLUDE);
  }

  /// A section as an item of a list.
  private void item(String indent, Section section, List<Option<?>> options) {
    int first = lines.size();
    section(indent + "  ", section, options);
    Line line = lines.get(first);
    lines.set(first, new Line(indent + "- " + line.text().strip(), line.comment()));
  }

  private void section(String indent, Section section, List<Option<?>> options) {
    for (Option<?> option : options) {
      if (option.key().equals(option.slot()) && section.find(option) != null) {
        setting(indent, section, option);
      }
    }
  }

  private <T> void setting(String indent, Section section, Option<T> option) {
    Setting<T> setting = section.setting(option);
    String key = option.key().substring(option.key().lastIndexOf('.') + 1);
    String value = option.kind().show(setting.value());
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
