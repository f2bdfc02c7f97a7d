package dev.fanfare.cli.console;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/// The query of a request on behalf of an app, signed as a server SDK does it.
public final class SignedQuery {

  private SignedQuery() {}

  /// The query, completed and signed.
  ///
  /// @param query percent-encoded; empty for none
  /// @param body empty for none
  public static String of(
      App app, String method, String path, String query, byte[] body, InstantSource clock) {
    long now = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    String full =
        (query.isEmpty() ? "" : query + "&")
            + "auth_key="
            + app.key()
            + "&auth_timestamp="
            + now
            + "&auth_version=1.0"
            + (body.length == 0 ? "" : "&body_md5=" + Signature.md5(body));
    String toSign = Signature.request(method, path, Query.parse(full).toSign(Query.Arrays.JOINED));
    return full + "&auth_signature=" + app.secret().signature().sign(toSign);
  }

  /// The URL of a signed request.
  ///
  /// @param server with its path prefix, which is not signed
  public static URI target(
      URI server,
      App app,
      String method,
      String path,
      String query,
      byte[] body,
      InstantSource clock) {
    String base = server.toString().replaceFirst("/$", "");
    return URI.create(base + path + "?" + of(app, method, path, query, body, clock));
  }

  /// Parameters as a query, percent-encoded.
  public static String encoded(Map<String, String> parameters) {
    StringJoiner query = new StringJoiner("&");
    parameters.forEach((name, value) -> query.add(name + "=" + encoded(value)));
    return query.toString();
  }

  /// A value or a segment of a path, percent-encoded.
  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
