package dev.fanfare.console;

import com.sun.net.httpserver.Headers;

/// The cookie with the token of a session: not for scripts, not for requests that other sites
/// cause, gone when the browser is closed.
///
/// @param isSecure whether it is sent over TLS only
record LoginCookie(boolean isSecure) {

  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

  /// The name; with TLS one that only this host can have set.
  String name() {
    return isSecure ? "__Host-fanfare" : "fanfare_console";
  }

  /// `Set-Cookie` for a new session.
  String set(String token) {
    return name() + "=" + token + ATTRIBUTES + (isSecure ? "; Secure" : "");
  }

  /// `Set-Cookie` that deletes it.
  String clear() {
    return set("") + "; Max-Age=0";
  }

  /// The token that was sent; empty if there is none.
  String token(Headers headers) {
    for (String header : headers.getOrDefault("Cookie", java.util.List.of())) {
      for (String pair : header.split(";", -1)) {
        String cookie = pair.strip();
        if (cookie.startsWith(name() + "=")) {
          return cookie.substring(name().length() + 1);
        }
      }
    }
    return "";
  }
}
