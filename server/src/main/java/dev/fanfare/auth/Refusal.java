package dev.fanfare.auth;

import dev.fanfare.observe.GivenSignature;
import org.jspecify.annotations.Nullable;

/// The reason why something was not allowed, with what the answer needs besides.
///
/// @param type as in `pusher:subscription_error` (section 2.7); not sent in responses over HTTP
/// @param status as in `pusher:subscription_error` or, for requests, the HTTP status
/// @param message the text for the client
/// @param given the signature that was not right; null if that was not the reason
public record Refusal(String type, int status, String message, @Nullable GivenSignature given) {

  /// For another reason than a wrong signature.
  public Refusal(String type, int status, String message) {
    this(type, status, message, null);
  }

  /// Missing, malformed or wrong authentication.
  public static Refusal auth(String message) {
    return new Refusal("AuthError", 401, message);
  }

  /// The same with the signature that was not right.
  Refusal with(GivenSignature wrong) {
    return new Refusal(type, status, message, wrong);
  }

  /// The channel name is invalid.
  public static Refusal channel(String message) {
    return new Refusal("InvalidChannel", 400, message);
  }

  /// Presence data or request parameters are invalid.
  public static Refusal data(String message) {
    return new Refusal("InvalidData", 400, message);
  }

  /// The request is invalid or too large.
  ///
  /// @param status of the response
  public static Refusal request(int status, String message) {
    return new Refusal("InvalidRequest", status, message);
  }

  /// The server is overloaded and sheds load.
  public static Refusal overload(String message) {
    return new Refusal("Overloaded", 503, message);
  }

  /// A limit was reached.
  public static Refusal limit(String message) {
    return new Refusal("LimitReached", 403, message);
  }
}
