package dev.fanfare.transport;

import static java.util.Objects.requireNonNull;

/// Whether and how clients may connect without WebSocket.
///
/// @param enabled whether they may
/// @param host this node's public host name, to which a client sends its later requests; empty for
///   the one that it has used
/// @param graceSeconds how long a client may be without a request before it is gone
public record FallbackOptions(boolean enabled, String host, int graceSeconds) {

  public static final FallbackOptions DEFAULTS = new FallbackOptions(true, "", 5);

  /// Fails if a component is null or out of range.
  public FallbackOptions {
    requireNonNull(host, "host");
    if (graceSeconds <= 0) {
      throw new IllegalArgumentException("graceSeconds must be positive, and is " + graceSeconds);
    }
  }
}
