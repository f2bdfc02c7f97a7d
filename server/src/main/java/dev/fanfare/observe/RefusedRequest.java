package dev.fanfare.observe;

import org.jspecify.annotations.Nullable;

/// A request that was answered with an error.
///
/// @param path raw, without the query
/// @param appId the app that the path names; null if it names none or an unknown one
/// @param status the HTTP status, 400 or above
/// @param reason the body of the answer as text
/// @param address the client's, behind trusted proxies too
public record RefusedRequest(
    String method, String path, @Nullable String appId, int status, String reason, String address)
    implements Observation {}
