package dev.fanfare.transport;

import org.jspecify.annotations.Nullable;

/// What a port is for; immutable.
///
/// @param tls what speaks TLS here; null if nothing does
/// @param plainRefusal why plain text is refused here; null if it is not
/// @param noTls why a socket that begins with TLS ends
record PortPolicy(@Nullable Tls tls, @Nullable String plainRefusal, String noTls) {

  private static final String LOOKS = "the first bytes look like TLS, ";

  /// The server's own port.
  static PortPolicy main(TlsOptions options, Tls tls) {
    if (!options.isOn()) {
      return new PortPolicy(null, null, LOOKS + "but tls_certificate is not set");
    }
    int port = options.port();
    String only =
        options.only()
            ? "This server only takes requests by TLS (tls_only), so use https://"
                + (port == 0 ? "" : ", on port " + port)
            : null;
    return port == 0
        ? new PortPolicy(tls, only, LOOKS + "within TLS")
        : new PortPolicy(
            null, only, LOOKS + "which is spoken on port " + port + " only (tls_port)");
  }

  /// The port that is for TLS and nothing else.
  static PortPolicy tlsOnly(Tls tls) {
    String only = "This port is for TLS (tls_port), so use https://";
    return new PortPolicy(tls, only, LOOKS + "within TLS");
  }
}
