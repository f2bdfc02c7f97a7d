package dev.fanfare.auth;

/// Why something was not allowed. `type` and `status` are those of `pusher:subscription_error`
/// (section 2.7) or, for requests, the HTTP status; `message` is what the other side reads.
public record Refusal(String type, int status, String message) {

  /// Missing, malformed or wrong authentication.
  public static Refusal auth(String message) {
    return new Refusal("AuthError", 401, message);
  }

  /// The channel's name is not one.
  public static Refusal channel(String message) {
    return new Refusal("InvalidChannel", 400, message);
  }

  /// Presence data or a request's parameters are wrong.
  public static Refusal data(String message) {
    return new Refusal("InvalidData", 400, message);
  }

  /// A limit was reached.
  public static Refusal limit(String message) {
    return new Refusal("LimitReached", 403, message);
  }
}
