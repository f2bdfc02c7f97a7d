package dev.fanfare.transport;

import dev.fanfare.http.Request;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request line asks for, as raw as it came: escapes and `;` untouched.
///
/// @param path starts with `/`, without the configured prefix
/// @param query what follows the `?`; empty if nothing does
record Target(String path, String query) {

  /// Reads a request line's target. One with a host in front, as it is sent to proxies, means the
  /// same without. The prefix may be missing, for a proxy may have taken it off.
  static Target of(String requestTarget, String pathPrefix) {
    String target = withoutHost(utf8(requestTarget));
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    boolean isPrefixed = !pathPrefix.isEmpty() && path.startsWith(pathPrefix + "/");
    return new Target(isPrefixed ? path.substring(pathPrefix.length()) : path, query);
  }

  /// The request for this target as the router reads it.
  Request request(HttpRequest raw, byte[] body) {
    return new Request(raw.method().name(), path, query, body, name -> header(raw, name));
  }

  private static @Nullable String header(HttpRequest raw, String name) {
    List<String> values = raw.headers().getAll(name);
    return values.isEmpty() ? null : String.join(", ", values);
  }

  /// The decoder makes one char of each byte; some senders leave UTF-8 unescaped.
  private static String utf8(String latin1) {
    return latin1.chars().allMatch(c -> c < 0x80)
        ? latin1
        : new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
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
