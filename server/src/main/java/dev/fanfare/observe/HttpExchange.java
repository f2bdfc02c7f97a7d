package dev.fanfare.observe;

import org.jspecify.annotations.Nullable;

/// A request of the HTTP API and its response, as figures.
///
/// @param route the endpoint, with placeholders for what clients choose: `/apps/{id}/events`
/// @param appId the app that the path names; null if it is unknown or the path names none
/// @param requestBytes of its body
/// @param responseBytes of the response's body
/// @param durationNs from the complete request to the response, nanoseconds, or [#UNTIMED]
public record HttpExchange(
    String route,
    @Nullable String appId,
    int status,
    int requestBytes,
    int responseBytes,
    long durationNs)
    implements Observation {

  /// The duration of a request that was refused before it was read.
  public static final long UNTIMED = -1;
}
