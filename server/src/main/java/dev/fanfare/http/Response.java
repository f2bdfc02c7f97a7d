package dev.fanfare.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// One answer.
///
/// @param contentType empty if there is no body
/// @param headers besides length and type
/// @param closes true if the socket must end after this answer
@SuppressWarnings("ArrayRecordComponent") // never compared, and written once
public record Response(
    int status, String contentType, byte[] body, Map<String, String> headers, boolean closes)
    implements Answer {

  private static final byte[] NOTHING = new byte[0];

  /// A success with a JSON object.
  public static Response json(byte[] utf8) {
    return new Response(200, "application/json", utf8, Map.of(), false);
  }

  /// A refusal in plain text, as the hosted service writes them.
  public static Response text(int status, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new Response(status, "text/plain; charset=utf-8", body, Map.of(), false);
  }

  public static Response empty(int status) {
    return new Response(status, "", NOTHING, Map.of(), false);
  }

  public Response withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, contentType, body, more, closes);
  }

  @Override
  public Response now() {
    return this;
  }

  String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public Response closing() {
    return new Response(status, contentType, body, headers, true);
  }
}
