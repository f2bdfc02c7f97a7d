package dev.fanfare.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The proxies that the doctor knows what to paste into.
public enum ProxyKind {
  NGINX("nginx"),
  CADDY("Caddy"),
  APACHE("Apache"),
  TRAEFIK("Traefik");

  private final String title;

  ProxyKind(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  /// Whose `Server` or `Via` header that is, or null.
  static @Nullable ProxyKind of(@Nullable String header) {
    String text = header == null ? "" : header.toLowerCase(Locale.ROOT);
    for (ProxyKind kind : values()) {
      if (text.contains(kind.title.toLowerCase(Locale.ROOT)) || isOpenresty(kind, text)) {
        return kind;
      }
    }
    return null;
  }

  private static boolean isOpenresty(ProxyKind kind, String text) {
    return kind == NGINX && text.contains("openresty");
  }
}
