package dev.fanfare.loadtest.wire;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketHandshake;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The server's response to the WebSocket upgrade, collected until it is complete. Confined to one
/// thread.
public final class UpgradeReply {

  /// The same for all clients here, so that the value in the response is computed once.
  private static final WebSocketHandshake HANDSHAKE = WebSocketHandshake.SAMPLE;

  /// In lower case.
  private static final String ACCEPT = HANDSHAKE.accept().toLowerCase(Locale.ROOT);

  private static final int MAX = 16_384;

  /// Compression of each message separately, in both directions (RFC 7692).
  private static final String EXTENSION =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private final boolean compressed;
  private byte[] bytes = {};

  /// @param compressed true if the request offered compression: then a server that does not accept
  ///   it has refused
  public UpgradeReply(boolean compressed) {
    this.compressed = compressed;
  }

  /// The upgrade request.
  ///
  /// @param compressed true to offer `permessage-deflate`
  public static byte[] request(String hostAndPort, String appKey, boolean compressed) {
    String target = "/app/" + appKey + "?protocol=7&client=fanfare-loadtest&version=1.0";
    String request =
        compressed
            ? HANDSHAKE.request(target, hostAndPort, "Sec-WebSocket-Extensions: " + EXTENSION)
            : HANDSHAKE.request(target, hostAndPort);
    return request.getBytes(StandardCharsets.UTF_8);
  }

  /// Adds received bytes; true once the header is complete, or cannot become complete.
  public boolean add(byte[] more) {
    int old = bytes.length;
    bytes = Arrays.copyOf(bytes, old + more.length);
    System.arraycopy(more, 0, bytes, old, more.length);
    return headEnd() >= 0 || bytes.length > MAX;
  }

  /// Fails if this is not a WebSocket connection.
  public Parsed<Parsed.Passed> check() {
    String head = head();
    if (!head.startsWith("HTTP/1.1 101")) {
      int lineEnd = head.indexOf('\r');
      String body = new String(rest(), StandardCharsets.UTF_8).strip();
      String status = lineEnd < 0 ? head.strip() : head.substring(0, lineEnd);
      return new Parsed.Bad<>(status + (body.isEmpty() ? "" : ": " + body));
    }
    // The whole header is compared in lower case: header names may use any case, and a wrong value
    // that differs only in case is practically impossible.
    String lower = head.toLowerCase(Locale.ROOT);
    if (!lower.contains(ACCEPT)) {
      return new Parsed.Bad<>("a response with a wrong Sec-WebSocket-Accept");
    }
    if (compressed && !lower.contains(": permessage-deflate")) {
      return new Parsed.Bad<>("a response without permessage-deflate, which --compressed requires");
    }
    return compressed && !lower.contains("server_no_context_takeover")
        ? new Parsed.Bad<>("permessage-deflate with context takeover")
        : Parsed.PASSED;
  }

  /// The bytes after the header: the first frames.
  public byte[] rest() {
    int headEnd = headEnd();
    return headEnd < 0 ? new byte[0] : Arrays.copyOfRange(bytes, headEnd, bytes.length);
  }

  private String head() {
    int headEnd = headEnd();
    return new String(bytes, 0, headEnd < 0 ? bytes.length : headEnd, StandardCharsets.UTF_8);
  }

  private int headEnd() {
    for (int at = 3; at < bytes.length; at++) {
      if (bytes[at] == '\n' && bytes[at - 2] == '\n') {
        return at + 1;
      }
    }
    return -1;
  }
}
