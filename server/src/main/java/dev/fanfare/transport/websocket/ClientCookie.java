package dev.fanfare.transport.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The cookie by which a browser is recognised when it comes back, if a rule for history asks for
/// it. It is random, and proves nothing.
final class ClientCookie {

  static final String NAME = "fanfare_client";

  private static final int BYTES = 16;

  /// 16 bytes in base64, among other cookies.
  private static final Pattern VALUE =
      Pattern.compile("(?:^|; ?)" + NAME + "=([A-Za-z0-9_-]{22})(?:;|$)");

  /// Longer headers have cookies of many others.
  private static final int MAX_HEADER_CHARS = 16_384;

  private static final SecureRandom RANDOM = new SecureRandom();

  private ClientCookie() {}

  /// The value that the client has, or a new one.
  static String readOrCreate(HttpHeaders headers) {
    for (String header : headers.getAll(HttpHeaderNames.COOKIE)) {
      Matcher matcher = VALUE.matcher(header);
      if (header.length() <= MAX_HEADER_CHARS && matcher.find()) {
        return matcher.group(1);
      }
    }
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The header that sets it, or extends its time. Browsers send it to this host only, and not with
  /// connections that pages of other sites open.
  static String setting(String value, int seconds, boolean isSecure) {
    return NAME
        + "="
        + value
        + "; Max-Age="
        + seconds
        + "; Path=/; HttpOnly; SameSite=Lax"
        + (isSecure ? "; Secure" : "");
  }
}
