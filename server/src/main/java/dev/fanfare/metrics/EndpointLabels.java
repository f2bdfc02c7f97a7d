package dev.fanfare.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The values of the label `endpoint` of one app: the ids of endpoints without user, query and
/// fragment of the URL, which may be secrets. Their number is bounded, also across reloads. Any
/// thread.
final class EndpointLabels {

  /// Distinct values; additional endpoints share [#OTHER].
  static final int MOST = 200;

  static final String OTHER = "other";

  /// The value for events that were dropped before it was known which endpoint they were for.
  private static final String NONE = "";

  private static final Pattern USER = Pattern.compile("(?<=://)[^/?#@]*@");

  /// Query and fragment, but not the number of an endpoint that shares its URL.
  private static final Pattern REST =
      Pattern.compile("\\?.*?(?=#[0-9]+$|$)|#(?![0-9]+$).*", Pattern.DOTALL);

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /// @param endpoint the id of an endpoint; null if it is not known
  String of(@Nullable String endpoint) {
    if (endpoint == null) {
      return NONE;
    }
    String label = REST.matcher(USER.matcher(endpoint).replaceFirst("")).replaceFirst("");
    if (known.contains(label)) {
      return label;
    }
    return known.size() < MOST && known.add(label) ? label : OTHER;
  }
}
