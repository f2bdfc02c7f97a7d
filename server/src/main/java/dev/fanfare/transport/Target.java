package dev.fanfare.transport;

import dev.fanfare.http.Request;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The target of a request line, undecoded: escapes and `;` are kept.
///
/// @param path starts with `/`, without the configured prefix
/// @param query the part after `?`; empty if there is none
public record Target(String path, String query) {

  /// Parses a request target. An absolute one, as sent to proxies, is read without its host. The
  /// prefix may be missing, because a proxy may have removed it.
  public static Target of(String requestTarget, String pathPrefix) {
    String target = withoutHost(utf8(requestTarget));
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    boolean isPrefixed = !pathPrefix.isEmpty() && path.startsWith(pathPrefix + "/");
    return new Target(isPrefixed ? path.substring(pathPrefix.length()) : path, query);
  }

  /// Returns the request as the router reads it.
  ///
  /// @param address the client's; worked out when a log line needs it
  public Request request(HttpRequest raw, byte[] body, Supplier<String> address) {
    return new Request(raw.method().name(), path, query, body, name -> header(raw, name), address);
  }

  private static @Nullable String header(HttpRequest raw, String name) {
    HttpHeaders headers = raw.headers();
    return headers.contains(name) ? String.join(", ", headers.getAll(name)) : null;
  }

  /// The decoder turns each byte into one char; some clients leave UTF-8 unescaped. Two copies are
  /// cheaper than to look at each char.
  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String withoutHost(String target) {
    int host = target.startsWith("/") ? -1 : target.indexOf("://");
    if (host < 0) {
      return target;
    }
    int path = target.indexOf('/', host + 3);
    return path < 0 ? "/" : target.substring(path);
  }
}
