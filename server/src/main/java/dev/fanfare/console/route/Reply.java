package dev.fanfare.console.route;

import dev.fanfare.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The answer to a request: JSON.
///
/// @param body of which the last byte is a line feed
/// @param cookie value of a `Set-Cookie` header; null for none
/// @param allow value of an `Allow` header; null for none
@SuppressWarnings("ArrayRecordComponent") // never compared, and written once
public record Reply(int status, byte[] body, @Nullable String cookie, @Nullable String allow) {

  /// An answer of which the document is still open.
  public static Reply of(Json.Writer document) {
    return of(document.text());
  }

  /// An answer.
  public static Reply of(String json) {
    return new Reply(200, line(json), null, null);
  }

  /// A refusal.
  ///
  /// @param reason a sentence without a full stop
  public static Reply refusal(int status, String reason) {
    return new Reply(status, line(Json.object().field("error", reason).text()), null, null);
  }

  /// A refusal of a method.
  ///
  /// @param methods that the path has
  public static Reply wrongMethod(String methods) {
    String first = methods.split(",", 2)[0];
    return new Reply(
        405,
        line(Json.object().field("error", "Method not allowed, use " + first).text()),
        null,
        methods);
  }

  /// The same answer that sets or deletes a cookie.
  public Reply withCookie(String value) {
    return new Reply(status, body, value, allow);
  }

  /// A path that is none.
  public static Reply unknown() {
    return refusal(404, "Unknown path");
  }

  private static byte[] line(String json) {
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
