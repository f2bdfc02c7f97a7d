package dev.fanfare.observe;

import org.jspecify.annotations.Nullable;

/// A request of the HTTP API and its answer, in numbers.
///
/// @param route where it led, with placeholders for what clients choose: `/apps/{id}/events`
/// @param appId the app that its path names; null if that one is unknown, or it names none
/// @param requestBytes of its body
/// @param responseBytes of the answer's body
/// @param durationNs from the complete request to the answer, or [#UNTIMED]
public record HttpExchange(
    String route,
    @Nullable String appId,
    int status,
    int requestBytes,
    int responseBytes,
    long durationNs) {

  /// The duration of what was turned away before it was read.
  public static final long UNTIMED = -1;
}
