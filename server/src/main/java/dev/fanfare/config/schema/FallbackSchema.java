package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.transport.FallbackOptions;
import java.util.List;
import java.util.regex.Pattern;

/// How clients connect whose network lets no WebSocket pass: keys below `server:`.
public final class FallbackSchema {

  private static final FallbackOptions DEFAULTS = FallbackOptions.DEFAULTS;

  public static final Option<Boolean> HTTP_FALLBACKS =
      Option.atStart(
          "http_fallbacks",
          new Kind.OnOff(),
          DEFAULTS.enabled(),
          "Whether pusher-js may use HTTP (`xhr_streaming` and `xhr_polling`) where no WebSocket"
              + " gets through.");

  public static final Option<String> HTTP_FALLBACK_HOST =
      Option.atStart(
          "http_fallback_host",
          new Kind.Text(
              Pattern.compile("(?:[A-Za-z0-9.-]+(?::[0-9]{1,5})?)?"),
              "empty or a host name with an optional port"),
          DEFAULTS.host(),
          "Public host name of this node, to which a client over HTTP sends its later requests; all"
              + " requests of a session must reach one node. Not needed with a single node, or if"
              + " the balancer hashes the session's part of the path.");

  public static final Option<Integer> HTTP_FALLBACK_GRACE_SECONDS =
      Option.atStart(
          "http_fallback_grace_seconds",
          new Kind.Whole(1, 60),
          DEFAULTS.graceSeconds(),
          "Seconds that a client over HTTP may be without a request that waits, before it leaves"
              + " its channels.");

  static final List<Option<?>> ALL =
      List.of(HTTP_FALLBACKS, HTTP_FALLBACK_HOST, HTTP_FALLBACK_GRACE_SECONDS);

  private FallbackSchema() {}

  static FallbackOptions options(Section server) {
    return new FallbackOptions(
        server.get(HTTP_FALLBACKS),
        server.get(HTTP_FALLBACK_HOST),
        server.get(HTTP_FALLBACK_GRACE_SECONDS));
  }
}
