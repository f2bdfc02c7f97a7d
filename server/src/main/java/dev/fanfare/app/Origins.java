package dev.fanfare.app;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether a browser page may connect, by its `Origin` header.
public final class Origins {

  private Origins() {}

  /// True if `origin` matches one of `allowed`, or if anything goes. Clients that are not browsers
  /// send no origin and are not restricted: the header protects users of a browser only.
  public static boolean allows(List<String> allowed, @Nullable String origin) {
    if (allowed.isEmpty() || origin == null || allowed.contains("*")) {
      return true;
    }
    String sent = origin.toLowerCase(Locale.ROOT);
    String host = host(sent);
    return allowed.stream().anyMatch(a -> matches(a.toLowerCase(Locale.ROOT), sent, host));
  }

  private static boolean matches(String allowed, String origin, String host) {
    if (allowed.contains("://")) {
      return allowed.equals(origin);
    }
    return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : allowed.equals(host);
  }

  private static String host(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
