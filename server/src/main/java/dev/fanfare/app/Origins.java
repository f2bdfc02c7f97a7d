package dev.fanfare.app;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Decides by the `Origin` header whether a client may connect.
public final class Origins {

  /// The origin of pages without one: sandboxed frames, and apps that load their page from a file.
  private static final String OPAQUE = "null";

  /// A URL up to its path, or a `Host` header. Written out because `URI` finds no host in names
  /// with `_` or with a last label that begins with a digit.
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[a-z][a-z0-9+.-]*://)?([a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?(?:[/?#].*)?");

  private static final Pattern DEFAULT_PORT =
      Pattern.compile("((?:http|ws)://.*):80$|((?:https|wss)://.*):443$");

  private Origins() {}

  /// True if the app allows every origin, if the client sent none, if an entry matches, or if the
  /// origin is on the host that the client connects to. The header protects the users of browsers:
  /// other clients send none, or one derived from the URL that they connect to.
  ///
  /// @param allowed the entries of the configuration
  /// @param origin the `Origin` header, null if there is none
  /// @param requestHost the `Host` header, null if there is none
  public static boolean allows(
      List<String> allowed, @Nullable String origin, @Nullable String requestHost) {
    if (allowed.isEmpty() || origin == null || allowed.contains("*")) {
      return true;
    }
    String sent = withoutDefaultPort(origin.toLowerCase(Locale.ROOT));
    String host = sent.equals(OPAQUE) ? "" : host(sent);
    if (!host.isEmpty()
        && requestHost != null
        && host.equals(host(requestHost.toLowerCase(Locale.ROOT)))) {
      return true;
    }
    return allowed.stream().anyMatch(a -> matches(a.toLowerCase(Locale.ROOT), sent, host));
  }

  private static boolean matches(String allowed, String origin, String host) {
    if (allowed.equals(OPAQUE) || allowed.contains("://")) {
      return allowed.equals(origin);
    }
    return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : allowed.equals(host);
  }

  private static String withoutDefaultPort(String origin) {
    return DEFAULT_PORT.matcher(origin).replaceFirst("$1$2");
  }

  /// The host of an origin or of a `Host` header, without the port; empty if there is none.
  private static String host(String text) {
    Matcher matcher = AUTHORITY.matcher(text);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
