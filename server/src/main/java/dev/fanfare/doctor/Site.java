package dev.fanfare.doctor;

/// Where clients are to find the server, as its URL says it.
///
/// @param tls true for `wss`
/// @param host a name or an address; of IPv6 without brackets
/// @param prefix what stands before `/app` and `/apps`, such as `/ws`; empty for nothing
public record Site(boolean tls, String host, int port, String prefix) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  static int defaultPort(boolean tls) {
    return tls ? HTTPS_PORT : HTTP_PORT;
  }

  boolean hasDefaultPort() {
    return port == defaultPort(tls);
  }

  /// The host as it stands in URLs.
  String urlHost() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /// What the Host header says.
  String authority() {
    return urlHost() + (hasDefaultPort() ? "" : ":" + port);
  }

  /// `wss://example.com:443/prefix`, the port always given.
  String url() {
    return (tls ? "wss://" : "ws://") + urlHost() + ":" + port + prefix;
  }
}
