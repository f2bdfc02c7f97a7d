package dev.fanfare.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The values of the label `endpoint` of one app: URLs without user, query and fragment, which may
/// be secrets. Their number is bounded, whatever reloads bring. Any thread.
final class EndpointLabels {

  /// Distinct values; further endpoints share [#OTHER].
  static final int MOST = 200;

  static final String OTHER = "other";

  /// The value for events that were dropped before it was known which endpoint they were for.
  private static final String NONE = "";

  private static final Pattern USER = Pattern.compile("(?<=://)[^/?#@]*@");
  private static final Pattern REST = Pattern.compile("[?#].*", Pattern.DOTALL);

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  String of(@Nullable String url) {
    if (url == null) {
      return NONE;
    }
    String label = REST.matcher(USER.matcher(url).replaceFirst("")).replaceFirst("");
    if (known.contains(label)) {
      return label;
    }
    return known.size() < MOST && known.add(label) ? label : OTHER;
  }
}
