package dev.fanfare.protocol;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Host and port of a URL. Unlike [URI#getHost], which is null for them, this reads names with an
/// underscore, as Docker Compose gives them to services, and names whose last label begins with a
/// digit.
///
/// @param host as the URL has it, an IPv6 address in brackets
/// @param port -1 if the URL has none
public record UrlHost(String host, int port) {

  private static final int MAX_PORT = 65_535;

  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\\.?)(?::(\\d{0,5}))?");

  /// Null if the URL has no host, or a port that does not exist. User information is for the caller
  /// to judge, but no name that only this class reads may have it.
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

  /// The host as sockets want it: an IPv6 address without brackets.
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// True for names that [URI#getHost] does not read. The JDK has no TLS for those with an
  /// underscore: it refuses to compare them with a certificate.
  public boolean hasUnderscore() {
    return host.indexOf('_') >= 0;
  }
}
