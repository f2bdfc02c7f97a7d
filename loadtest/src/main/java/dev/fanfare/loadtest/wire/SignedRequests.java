package dev.fanfare.loadtest.wire;

import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.protocol.Signature;
import java.nio.charset.StandardCharsets;

/// Signed requests to the HTTP API of one app (section 6.1), as raw bytes. The constant parts are
/// prepared once. Confined to one thread.
public final class SignedRequests {

  private static final int MILLIS = 1_000;

  private final Signature signature;
  private final String appPath;
  private final String authority;
  private final String appKey;

  private long second = -1;
  private String signedHead = "";

  public SignedRequests(Target target) {
    signature = Signature.ofSecret(target.secret());
    appPath = "/apps/" + target.appId();
    authority = target.authority();
    appKey = target.key();
  }

  /// `POST /apps/ID/events`, signed for the time given.
  public byte[] publish(byte[] body, long unixMillis) {
    String path = appPath + "/events";
    String query = head(unixMillis) + "&body_md5=" + Signature.md5(body);
    String head =
        line("POST", path, query)
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] request = new byte[head.length() + body.length];
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(headBytes, 0, request, 0, headBytes.length);
    System.arraycopy(body, 0, request, headBytes.length, body.length);
    return request;
  }

  /// `GET /apps/ID/…`, signed for the time given.
  public byte[] get(String rest, long unixMillis) {
    return (line("GET", appPath + rest, head(unixMillis)) + "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The `auth` of a subscription to a private or presence channel.
  public String auth(String stringToSign) {
    return appKey + ":" + signature.sign(stringToSign);
  }

  private String line(String method, String path, String query) {
    return method
        + ' '
        + path
        + '?'
        + query
        + "&auth_signature="
        + signature.sign(Signature.request(method, path, query))
        + " HTTP/1.1\r\nHost: "
        + authority
        + "\r\n";
  }

  private String head(long unixMillis) {
    long now = unixMillis / MILLIS;
    if (now != second) {
      second = now;
      signedHead = "auth_key=" + appKey + "&auth_timestamp=" + now + "&auth_version=1.0";
    }
    return signedHead;
  }
}
