package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The opening handshake of a WebSocket (RFC 6455 section 4): the client's request, and the proof
/// of the server that it was understood.
///
/// @param key the value of `Sec-WebSocket-Key`, 16 bytes in base64
public record WebSocketHandshake(String key) {

  /// With the key of the RFC's example, for clients that need not be protected from caches.
  public static final WebSocketHandshake SAMPLE =
      new WebSocketHandshake("dGhlIHNhbXBsZSBub25jZQ==");

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /// Cloned for each handshake, which is cheaper than a search among the providers; never changed.
  private static final MessageDigest SHA_1 = jdkDigest();

  /// A handshake with a fresh key.
  ///
  /// @param nonce 16 random bytes
  public static WebSocketHandshake of(byte[] nonce) {
    return new WebSocketHandshake(Base64.getEncoder().encodeToString(nonce));
  }

  /// The request.
  ///
  /// @param target path and query
  /// @param host the value of `Host`
  /// @param headers additional lines, without line ends
  public String request(String target, String host, String... headers) {
    StringBuilder request =
        new StringBuilder("GET ")
            .append(target)
            .append(" HTTP/1.1\r\nHost: ")
            .append(host)
            .append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ")
            .append(key)
            .append("\r\nSec-WebSocket-Version: 13\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  /// The `Sec-WebSocket-Accept` that the response must have.
  public String accept() {
    byte[] hash = sha1().digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    return Base64.getEncoder().encodeToString(hash);
  }

  private static MessageDigest sha1() {
    try {
      return (MessageDigest) SHA_1.clone();
    } catch (CloneNotSupportedException e) {
      return jdkDigest();
    }
  }

  private static MessageDigest jdkDigest() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
