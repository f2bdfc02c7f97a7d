package dev.fanfare.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets pages of any origin call the API: every request is signed, and no cookie is involved.
final class Cors {

  private static final String DAY_SECONDS = "86400";
  private static final String COMMON_HEADERS = "Content-Type, Authorization, X-Pusher-Library";

  /// Header names (tokens of RFC 9110 section 5.6.2) with commas between.
  private static final Pattern HEADER_NAMES =
      Pattern.compile(
          "[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \\t]*,[ \\t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*+");

  private static final int MAX_CHARS = 1_024;

  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  /// The headers of most responses, which are not copied.
  private static final Map<String, String> ALLOW = Map.of(ALLOW_ORIGIN, "*");

  private Cors() {}

  static Response allow(Response response) {
    return response.headers().isEmpty()
        ? response.withHeaders(ALLOW)
        : response.withHeader(ALLOW_ORIGIN, "*");
  }

  /// Answers a preflight request.
  ///
  /// @param asked its `Access-Control-Request-Headers`; what is not a list of names is not repeated
  static Response preflight(List<String> methods, @Nullable String asked) {
    String allowed =
        asked != null && asked.length() <= MAX_CHARS && HEADER_NAMES.matcher(asked).matches()
            ? asked
            : COMMON_HEADERS;
    return Response.empty(204)
        .withHeader("Access-Control-Allow-Methods", String.join(", ", methods))
        .withHeader("Access-Control-Allow-Headers", allowed)
        .withHeader("Vary", "Access-Control-Request-Headers")
        .withHeader("Access-Control-Max-Age", DAY_SECONDS);
  }
}
