package dev.fanfare.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of another server.
///
/// @param server what it is called
/// @param prefix of its variables
/// @param aliases what has a meaning here; of two for the same option the first that is set counts
/// @param idle what has none, the first that fits
record Family(String server, String prefix, List<Alias> aliases, List<Idle> idle) {

  /// Variables that mean nothing here.
  ///
  /// @param form a name without the prefix, or how names begin, with a `*` behind it
  /// @param reason why, to follow "has no meaning here:"; empty if nobody needs to be told
  record Idle(String form, String reason) {

    boolean fits(String rest) {
      return form.endsWith("*")
          ? rest.startsWith(form.substring(0, form.length() - 1))
          : rest.equals(form);
    }
  }

  /// The name of an alias in the environment.
  String name(Alias alias) {
    return prefix + alias.variable();
  }

  /// Why a variable without alias means nothing, or null if that server does not know it either.
  @Nullable String reason(String name) {
    String rest = name.substring(prefix.length());
    return idle.stream().filter(each -> each.fits(rest)).findFirst().map(Idle::reason).orElse(null);
  }

  /// How a person who knows that server spells one of our options.
  String spell(Alias.Part part, Option<?> option) {
    return aliases.stream()
        .filter(alias -> alias.part() == part && alias.sets(option))
        .findFirst()
        .map(this::name)
        .orElse(part.ours(option));
  }
}
