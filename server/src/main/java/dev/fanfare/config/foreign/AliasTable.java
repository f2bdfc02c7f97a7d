package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.Option;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables of `docs/migration.md`: the counterpart of each name of another server, and the names
/// without one.
public final class AliasTable {

  private AliasTable() {}

  /// All tables, each below a heading.
  public static String markdown() {
    return Aliases.FAMILIES.stream()
        .map(family ->
            "### `"
                + family.prefix()
                + "…`\n\n"
                + aliases(family)
                + unsupported(family)
                + idle(family))
        .collect(Collectors.joining("\n"));
  }

  private static String aliases(Family family) {
    StringBuilder out = new StringBuilder();
    out.append("| Variable | Is read as | Conversion | Default |\n|---|---|---|---|\n");
    for (Alias alias : family.aliases()) {
      out.append("| ").append(names(family, alias));
      out.append(" | `").append(alias.ours());
      out.append("` | ").append(alias.conversion().said());
      out.append(" | ").append(assumed(family, alias)).append(" |\n");
    }
    for (EngineName name : family.engine()) {
      out.append("| ").append(names(name.variable(), name.path()));
      out.append(" | `").append(name.ours());
      out.append("` | ").append(name.said());
      out.append(" | ").append(name.assumed().isEmpty() ? "ours" : '`' + name.assumed() + '`');
      out.append(" |\n");
    }
    for (Family.Presumed presumed : family.presumed()) {
      if (family.aliases().stream().noneMatch(alias -> alias.sets(presumed.option()))) {
        out.append("| (fixed) | `").append(Alias.Part.SERVER.ours(presumed.option()));
        out.append("` |  | `").append(presumed.value()).append("` |\n");
      }
    }
    return out.toString();
  }

  /// In the environment, in a file and in an app of a file.
  private static String names(Family family, Alias alias) {
    return names(family.name(alias), alias.path(), alias.appKey());
  }

  private static String names(@Nullable String... all) {
    return Stream.of(all)
        .filter(Objects::nonNull)
        .distinct()
        .map(name -> '`' + name + '`')
        .collect(Collectors.joining("<br>"));
  }

  private static String assumed(Family family, Alias alias) {
    Option<?> option = alias.option();
    for (Family.Presumed presumed : family.presumed()) {
      if (alias.sets(presumed.option())) {
        return '`' + presumed.value() + '`';
      }
    }
    if (alias.assumed() != null) {
      return '`' + alias.assumed() + '`';
    }
    boolean hasNone = option != null && option.fallback() == null;
    return hasNone && alias.part() == Alias.Part.APP ? "none, required" : "ours";
  }

  private static String unsupported(Family family) {
    if (family.unsupported().isEmpty()) {
      return "";
    }
    StringBuilder out =
        new StringBuilder("\n| Stops the start | Unless | Reason |\n|---|---|---|\n");
    for (Family.Unsupported each : family.unsupported()) {
      out.append("| `").append(family.prefix()).append(each.variable()).append('`');
      out.append(each.path() == null ? "" : "<br>`" + each.path() + '`').append(" | ");
      out.append(
          each.harmless().stream()
              .sorted()
              .map(value -> '`' + value + '`')
              .collect(Collectors.joining(", ")));
      out.append(" | ").append(each.reason()).append(" |\n");
    }
    return out.toString();
  }

  private static String idle(Family family) {
    List<Family.Idle> shown =
        family.idle().stream().filter(idle -> !idle.reason().isEmpty()).toList();
    if (shown.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n| Is not used | Reason |\n|---|---|\n");
    for (Family.Idle idle : shown) {
      out.append("| `").append(family.prefix()).append(idle.form());
      out.append("` | ").append(idle.reason()).append(" |\n");
    }
    return out.toString();
  }
}
