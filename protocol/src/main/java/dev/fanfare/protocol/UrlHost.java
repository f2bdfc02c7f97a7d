package dev.fanfare.protocol;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Host and port of a URL. Supports names for which [URI#getHost] is null: with an underscore, as
/// Docker Compose service names may have, or with a last label that begins with a digit.
///
/// @param host as in the URL, an IPv6 address in brackets
/// @param port -1 if the URL has none
public record UrlHost(String host, int port) {

  private static final int MAX_PORT = 65_535;

  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\\.?)(?::(\\d{0,5}))?");

  /// Null if the URL has no host or an invalid port. User information is accepted only for hosts
  /// that [URI#getHost] supports; the caller decides about it.
  public static @Nullable UrlHost of(URI url) {
    if (url.getHost() != null) {
      return checked(url.getHost(), url.getPort());
    }
    String authority = url.getRawAuthority();
    Matcher matcher = authority == null ? null : NAME.matcher(authority);
    if (matcher == null || !matcher.matches()) {
      return null;
    }
    String port = matcher.group(2);
    return checked(matcher.group(1), port == null || port.isEmpty() ? -1 : Integer.parseInt(port));
  }

  private static @Nullable UrlHost checked(String host, int port) {
    return port == 0 || port > MAX_PORT ? null : new UrlHost(host, port);
  }

  /// The port, or `standard` if the URL has none.
  public int portOr(int standard) {
    return port < 0 ? standard : port;
  }

  /// The host in the form that sockets accept: an IPv6 address without brackets.
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// True for names with an underscore. The JDK does not support TLS for them: it does not match
  /// them against certificates.
  public boolean hasUnderscore() {
    return host.indexOf('_') >= 0;
  }
}
