package dev.fanfare.observe;

import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/// A request that was answered with an error.
///
/// @param path raw, without the query
/// @param appId the app that the path names; null if it names none or an unknown one
/// @param status the HTTP status, 400 or above
/// @param reason the body of the answer as text
/// @param address the client's, behind trusted proxies too
/// @param query raw, which may contain a signature
@RecordBuilder
public record RefusedRequest(
    String method,
    String path,
    @Nullable String appId,
    int status,
    String reason,
    String address,
    String query)
    implements Observation, RefusedRequestBuilder.With {

  /// One whose query does not matter.
  public RefusedRequest(
      String method,
      String path,
      @Nullable String appId,
      int status,
      String reason,
      String address) {
    this(method, path, appId, status, reason, address, "");
  }
}
