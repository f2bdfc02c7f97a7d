package dev.fanfare.doctor.wire;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// A request as a server SDK makes it (section 6.1).
///
/// @param toSign the text that was signed
public record SignedCall(HttpCall call, String path, String toSign) {

  /// Publishes one event.
  public static SignedCall publish(
      Publishing as, String channel, String event, String data, InstantSource clock) {
    return publish(as, message(channel, event, data).text(), clock);
  }

  /// Publishes one event, and asks for its id.
  public static SignedCall publishForId(
      Publishing as, String channel, String event, String data, InstantSource clock) {
    return publish(as, message(channel, event, data).field("info", "id").text(), clock);
  }

  private static Json.Writer message(String channel, String event, String data) {
    return Json.object()
        .field("name", event)
        .field("data", data)
        .strings("channels", List.of(channel));
  }

  private static SignedCall publish(Publishing as, String body, InstantSource clock) {
    String md5 = "&body_md5=" + Signature.md5(body.getBytes(StandardCharsets.UTF_8));
    List<String> headers = List.of("Content-Type: application/json");
    return signed(as, "POST", "/events", md5, headers, body, clock);
  }

  /// Reads what is below the app.
  public static SignedCall read(Publishing as, String below, InstantSource clock) {
    return signed(as, "GET", below, "", List.of(), "", clock);
  }

  /// @param more parameters after those that every request has
  private static SignedCall signed(
      Publishing as,
      String method,
      String below,
      String more,
      List<String> headers,
      String body,
      InstantSource clock) {
    String path = "/apps/" + as.id() + below;
    String query =
        "auth_key="
            + as.key()
            + "&auth_timestamp="
            + clock.instant().getEpochSecond()
            + "&auth_version=1.0"
            + more;
    String toSign = Signature.request(method, path, Query.parse(query).toSign(Query.Arrays.JOINED));
    String target = path + "?" + query + "&auth_signature=" + as.secret().signature().sign(toSign);
    return new SignedCall(new HttpCall(method, target, headers, body), path, toSign);
  }

  /// Credentials sufficient to publish.
  public record Publishing(String id, String key, Secret secret) {}
}
