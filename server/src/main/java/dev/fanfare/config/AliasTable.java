package dev.fanfare.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The tables of `docs/migration.md`: what each name of another server is taken as here, and which
/// ones mean nothing.
public final class AliasTable {

  private AliasTable() {}

  /// All tables, each below a headline.
  public static String markdown() {
    return Aliases.FAMILIES.stream()
        .map(family -> "### `" + family.prefix() + "…`\n\n" + aliases(family) + idle(family))
        .collect(Collectors.joining("\n"));
  }

  private static String aliases(Family family) {
    StringBuilder out = new StringBuilder();
    out.append("| Variable | Is taken as | How | If nobody says it |\n|---|---|---|---|\n");
    for (Alias alias : family.aliases()) {
      out.append("| `").append(family.name(alias)).append('`').append(inFile(alias));
      out.append(" | `").append(alias.ours());
      out.append("` | ").append(alias.conversion().said());
      out.append(" | ").append(assumed(alias)).append(" |\n");
    }
    return out.toString();
  }

  private static String inFile(Alias alias) {
    List<String> keys = new ArrayList<>();
    if (alias.path() != null) {
      keys.add(alias.path());
    }
    if (alias.appKey() != null) {
      keys.add(alias.appKey());
    }
    return keys.stream().map(key -> "<br>`" + key + '`').collect(Collectors.joining());
  }

  private static String assumed(Alias alias) {
    Option<?> option = alias.option();
    if (alias.assumed() != null) {
      return '`' + alias.assumed() + '`';
    }
    boolean hasNone = option != null && option.fallback() == null;
    return hasNone && alias.part() == Alias.Part.APP ? "is missing" : "as here";
  }

  private static String idle(Family family) {
    List<Family.Idle> told =
        family.idle().stream().filter(idle -> !idle.reason().isEmpty()).toList();
    if (told.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n| Means nothing here | Since |\n|---|---|\n");
    for (Family.Idle idle : told) {
      out.append("| `").append(family.prefix()).append(idle.form());
      out.append("` | ").append(idle.reason()).append(" |\n");
    }
    return out.toString();
  }
}
