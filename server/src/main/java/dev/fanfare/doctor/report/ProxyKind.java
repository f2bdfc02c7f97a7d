package dev.fanfare.doctor.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The proxies that the doctor has a configuration for.
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

  /// The proxy that sent this `Server` or `Via` header; null if unknown.
  public static @Nullable ProxyKind of(@Nullable String header) {
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
