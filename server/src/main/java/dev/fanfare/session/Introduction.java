package dev.fanfare.session;

import dev.fanfare.history.ClientTag;
import org.jspecify.annotations.Nullable;

/// What is known about a client from its handshake.
///
/// @param tag by which it is recognised when it comes back; null if it has none
/// @param isJavaScript its `pusher:pong` follows the handlers of the page, while a browser answers
///   the ping of WebSocket before them
/// @param cookie that the handshake has read or set; null if no rule of the app needs it
/// @param address the source address and the client's library; null if no rule of the app needs it
public record Introduction(
    @Nullable ClientTag tag,
    boolean isJavaScript,
    @Nullable String cookie,
    @Nullable String address) {

  /// A client without a tag that is not pusher-js.
  public static final Introduction NONE = new Introduction(null, false, null, null);

  private static final Introduction JAVA_SCRIPT = new Introduction(null, true, null, null);

  /// Reads what the URL says.
  ///
  /// @param client the value of the query parameter `client`; null if there is none
  public static Introduction of(@Nullable ClientTag tag, @Nullable String client) {
    boolean isJavaScript = "js".equals(client);
    if (tag != null) {
      return new Introduction(tag, isJavaScript, null, null);
    }
    return isJavaScript ? JAVA_SCRIPT : NONE;
  }

  /// The same client, which is recognised by these too.
  public Introduction recognisedBy(@Nullable String itsCookie, @Nullable String itsAddress) {
    return itsCookie == null && itsAddress == null
        ? this
        : new Introduction(tag, isJavaScript, itsCookie, itsAddress);
  }

  /// The same client, to which no cookie is sent.
  public Introduction withoutCookie() {
    return cookie == null ? this : new Introduction(tag, isJavaScript, null, address);
  }
}
