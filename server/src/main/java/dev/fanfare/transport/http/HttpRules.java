package dev.fanfare.transport.http;

import dev.fanfare.auth.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What RFC 9112 requires of a request's head beyond what the decoder checks. A server that is more
/// lenient than a proxy in front of it can be made to see another request than the proxy did.
final class HttpRules {

  /// Characters of a host name besides letters and digits (RFC 3986 section 3.2.2).
  private static final String NAME_MARKS = "-._~!$&'()*+,;=%";

  private HttpRules() {}

  /// Null if the request may be read.
  static @Nullable Refusal check(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      return Refusal.request(505, "HTTP version " + version + " is not supported, use HTTP/1.1");
    }
    Refusal host = checkHost(request, version.minorVersion() == 0);
    return host == null ? checkCoding(request) : host;
  }

  /// What a decoder's failure means.
  static Refusal unreadable(Throwable cause) {
    int status =
        switch (cause) {
          case TooLongHttpLineException _ -> 414;
          case TooLongHttpHeaderException _ -> 431;
          default -> 400;
        };
    return Refusal.request(status, "Unreadable request: " + cause.getMessage());
  }

  /// Section 3.2.
  private static @Nullable Refusal checkHost(HttpRequest request, boolean isHttp10) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return isHttp10 ? null : Refusal.request(400, "The request has no Host header");
    }
    if (hosts.size() > 1) {
      return Refusal.request(400, "The request has " + hosts.size() + " Host headers");
    }
    return isHost(hosts.getFirst())
        ? null
        : Refusal.request(400, "The Host header is not a host name with an optional port");
  }

  /// Section 6.1: `chunked` is the only transfer coding here. The decoder has refused those that do
  /// not end with it.
  private static @Nullable Refusal checkCoding(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean isPlain =
        codings.isEmpty()
            || (codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"));
    return isPlain
        ? null
        : Refusal.request(
            501,
            "Transfer-Encoding '"
                + String.join(", ", codings)
                + "' is not implemented, only 'chunked' is");
  }

  /// `uri-host [ ":" port ]`; it may be empty.
  private static boolean isHost(String host) {
    int end = host.startsWith("[") ? endOfLiteral(host) : endOfName(host);
    if (end < 0 || (end < host.length() && host.charAt(end) != ':')) {
      return false;
    }
    for (int i = end + 1; i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static int endOfName(String host) {
    int i = 0;
    while (i < host.length() && isNameChar(host.charAt(i))) {
      i++;
    }
    return i;
  }

  /// The index behind `]`, or -1 if something else than an address stands in the brackets.
  private static int endOfLiteral(String host) {
    for (int i = 1; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == ']') {
        return i == 1 ? -1 : i + 1;
      }
      if (c != ':' && !isNameChar(c)) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || NAME_MARKS.indexOf(c) >= 0;
  }
}
