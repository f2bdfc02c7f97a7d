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
    String body =
        Json.object()
            .field("name", event)
            .field("data", data)
            .strings("channels", List.of(channel))
            .text();
    String path = "/apps/" + as.id() + "/events";
    String query =
        "auth_key="
            + as.key()
            + "&auth_timestamp="
            + clock.instant().getEpochSecond()
            + "&auth_version=1.0&body_md5="
            + Signature.md5(body.getBytes(StandardCharsets.UTF_8));
    String toSign = Signature.request("POST", path, Query.parse(query).toSign(Query.Arrays.JOINED));
    String target = path + "?" + query + "&auth_signature=" + as.secret().signature().sign(toSign);
    HttpCall call = new HttpCall("POST", target, List.of("Content-Type: application/json"), body);
    return new SignedCall(call, path, toSign);
  }

  /// Credentials sufficient to publish.
  public record Publishing(String id, String key, Secret secret) {}
}
