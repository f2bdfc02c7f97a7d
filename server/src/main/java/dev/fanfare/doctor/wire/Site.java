package dev.fanfare.doctor.wire;

/// The server's location as clients use it.
///
/// @param tls true for `wss`
/// @param host a name or an address; IPv6 without brackets
/// @param prefix the path before `/app` and `/apps`, such as `/ws`; empty for none
public record Site(boolean tls, String host, int port, String prefix) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  public static int defaultPort(boolean tls) {
    return tls ? HTTPS_PORT : HTTP_PORT;
  }

  boolean hasDefaultPort() {
    return port == defaultPort(tls);
  }

  /// The host as written in URLs.
  public String urlHost() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /// The value of the Host header.
  public String authority() {
    return urlHost() + (hasDefaultPort() ? "" : ":" + port);
  }

  /// `wss://example.com:443/prefix`, always with the port.
  public String url() {
    return (tls ? "wss://" : "ws://") + urlHost() + ":" + port + prefix;
  }
}
