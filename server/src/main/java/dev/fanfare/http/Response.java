package dev.fanfare.http;

import dev.fanfare.auth.Refusal;
import dev.fanfare.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One response.
///
/// @param contentType empty if there is no body
/// @param reason of a refusal: its text without the form that the client asked for, else null
/// @param headers besides length and type
/// @param closes true if the connection ends with this response
@SuppressWarnings("ArrayRecordComponent") // never compared, and written once
public record Response(
    int status,
    String contentType,
    byte[] body,
    @Nullable String reason,
    Map<String, String> headers,
    boolean closes)
    implements Answer {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final byte[] EMPTY = new byte[0];

  /// A success with a JSON object.
  public static Response json(byte[] utf8) {
    return new Response(200, JSON, utf8, null, Map.of(), false);
  }

  /// A success in plain text.
  static Response success(int status, String text) {
    return new Response(status, TEXT, utf8(text), null, Map.of(), false);
  }

  /// A refusal in plain text that ends with a line feed, as the hosted service writes them.
  public static Response refusal(int status, String reason) {
    return new Response(status, TEXT, utf8(reason + "\n"), reason, Map.of(), false);
  }

  static Response refusal(Refusal refusal) {
    return refusal(refusal.status(), refusal.message());
  }

  static Response empty(int status) {
    return new Response(status, "", EMPTY, null, Map.of(), false);
  }

  /// This response, a refusal as `{"error":REASON}` if the client prefers JSON.
  ///
  /// @param accept the `Accept` header
  public Response inFormOf(@Nullable String accept) {
    return reason != null && Accept.prefersJson(accept)
        ? new Response(
            status, JSON, Json.object().field("error", reason).utf8(), reason, headers, closes)
        : this;
  }

  public Response withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, contentType, body, reason, more, closes);
  }

  /// This response with these headers and no others.
  Response withHeaders(Map<String, String> all) {
    return new Response(status, contentType, body, reason, all, closes);
  }

  public Response closing() {
    return new Response(status, contentType, body, reason, headers, true);
  }

  @Override
  public Response now() {
    return this;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
