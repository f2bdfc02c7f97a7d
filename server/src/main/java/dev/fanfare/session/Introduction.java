package dev.fanfare.session;

import dev.fanfare.history.ClientTag;
import org.jspecify.annotations.Nullable;

/// What a client says about itself in the URL.
///
/// @param tag by which it is recognised when it comes back; null if it has none
/// @param isJavaScript its `pusher:pong` follows the handlers of the page, while a browser answers
///   the ping of WebSocket before them
public record Introduction(@Nullable ClientTag tag, boolean isJavaScript) {

  /// A client without a tag that is not pusher-js.
  public static final Introduction NONE = new Introduction(null, false);

  private static final Introduction JAVA_SCRIPT = new Introduction(null, true);

  /// Reads what the URL says.
  ///
  /// @param client the value of the query parameter `client`; null if there is none
  public static Introduction of(@Nullable ClientTag tag, @Nullable String client) {
    boolean isJavaScript = "js".equals(client);
    if (tag != null) {
      return new Introduction(tag, isJavaScript);
    }
    return isJavaScript ? JAVA_SCRIPT : NONE;
  }
}
