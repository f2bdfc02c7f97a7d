package dev.fanfare.flows;

/// The frames with which messages are refused. `pusher:error` has exactly the keys of the hosted
/// service's frame (section 1.6): some clients crash on a `channel`, others on a missing `code`.
final class ErrorFrames {

  private ErrorFrames() {}

  /// @param code as it stands in the JSON text, `null` included
  static String error(String code, String text) {
    return "{\"event\":\"pusher:error\",\"data\":{\"code\":"
        + code
        + ",\"message\":\""
        + text
        + "\"}}";
  }

  static String subscriptionError(String channel, String type, String text, int status) {
    return "{\"event\":\"pusher:subscription_error\",\"channel\":\""
        + channel
        + "\",\"data\":\"{\\\"type\\\":\\\""
        + type
        + "\\\",\\\"error\\\":\\\""
        + text
        + "\\\",\\\"status\\\":"
        + status
        + "}\"}";
  }
}
