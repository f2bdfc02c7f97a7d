package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes read as a request for fuzz tests: `METHOD PATH QUERY` up to the first line feed, the body
/// after it. Characters are bytes, as they are in a request line.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FuzzedRequest(String method, String path, String query, byte[] body) {

  public static FuzzedRequest of(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    String[] words = line.split(" ", 3);
    return new FuzzedRequest(
        words[0],
        words.length > 1 ? words[1] : "",
        words.length > 2 ? words[2] : "",
        Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
  }

  /// The query with all that a good signature needs in front, where it counts first.
  public String signedQuery(App app, long epochSeconds) {
    String full =
        "auth_key="
            + app.key()
            + "&auth_timestamp="
            + epochSeconds
            + "&auth_version=1.0&body_md5="
            + Signature.md5(body)
            + "&"
            + query;
    String toSign = Signature.request(method, path, Query.parse(full).toSign(Query.Arrays.JOINED));
    return "auth_signature=" + app.secret().signature().sign(toSign) + "&" + full;
  }
}
