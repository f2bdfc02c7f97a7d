package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Suggestion;
import dev.fanfare.channel.Channels;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the channel that a publisher or a client probably meant: one that differs in its prefix or
/// in case, or by a typing error.
final class NearNames {

  /// Names that are compared.
  private static final int MAX_NAMES = 10_000;

  private static final Pattern PREFIXES =
      Pattern.compile("^(?:private-encrypted-|private-|presence-)?(?:cache-)?");

  private NearNames() {}

  /// The name that is closest to one with no subscribers; null if none is close.
  ///
  /// @param lately other names that were used
  static @Nullable String closest(Channels channels, App app, String name, Set<String> lately) {
    Set<String> known = new LinkedHashSet<>();
    channels.forEachOccupied(
        app,
        channel -> {
          if (known.size() < MAX_NAMES) {
            known.add(channel.name().value());
          }
        });
    known.addAll(lately);
    known.remove(name);
    String wanted = bare(name);
    Suggestion similar = new Suggestion();
    for (String each : known) {
      if (bare(each).equals(wanted)) {
        return each;
      }
      similar.add(each, each);
    }
    return similar.to(name);
  }

  private static String bare(String name) {
    return PREFIXES.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("");
  }
}
