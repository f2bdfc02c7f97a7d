package dev.fanfare.transport.tls;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.TlsOptions;
import org.jspecify.annotations.Nullable;

/// What a port accepts; immutable.
///
/// @param tls handles TLS on this port; null if it has none
/// @param plain whether plain text is accepted, and why not
/// @param noTls why a socket that begins with TLS is closed
public record PortPolicy(@Nullable Tls tls, Parsed<Parsed.Passed> plain, String noTls) {

  private static final String LOOKS = "the first bytes look like TLS, ";

  /// The main port.
  public static PortPolicy main(TlsOptions options, Tls tls) {
    if (!options.isOn()) {
      return new PortPolicy(null, Parsed.PASSED, LOOKS + "but tls_certificate is not set");
    }
    int port = options.port();
    Parsed<Parsed.Passed> plain =
        options.only()
            ? new Parsed.Bad<>(
                "This server only accepts requests over TLS (tls_only), so use https://"
                    + (port == 0 ? "" : ", on port " + port))
            : Parsed.PASSED;
    return port == 0
        ? new PortPolicy(tls, plain, LOOKS + "within TLS")
        : new PortPolicy(
            null, plain, LOOKS + "which is spoken on port " + port + " only (tls_port)");
  }

  /// The separate TLS port.
  public static PortPolicy tlsOnly(Tls tls) {
    String only = "This port is for TLS (tls_port), so use https://";
    return new PortPolicy(tls, new Parsed.Bad<>(only), LOOKS + "within TLS");
  }
}
