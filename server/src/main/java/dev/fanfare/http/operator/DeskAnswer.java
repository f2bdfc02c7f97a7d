package dev.fanfare.http.operator;

import dev.fanfare.http.Response;
import java.util.Map;

/// What has become of a request to list or change apps.
///
/// @param appId the app that was changed or asked for; empty if there is none
/// @param response what the operator gets
public record DeskAnswer(String appId, Response response) {

  private static final String JSON = "application/json";

  /// A success with a JSON object, which may contain a secret, so it is not kept anywhere.
  static DeskAnswer json(int status, String appId, byte[] utf8) {
    Response response = new Response(status, JSON, utf8, null, Map.of(), false);
    return new DeskAnswer(appId, response.withHeader("Cache-Control", "no-store"));
  }

  static DeskAnswer refused(int status, String appId, String reason) {
    return new DeskAnswer(appId, Response.refusal(status, reason));
  }
}
