package dev.fanfare.acme;

import dev.fanfare.tls.Credentials;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The port for TLS, on which an authority looks for a certificate while it examines a domain.
@FunctionalInterface
public interface TlsChallenge {

  /// Presents a certificate to authorities until it is replaced or removed. Any thread.
  ///
  /// @param credentials null to end
  /// @throws IOException with the reason if TLS cannot use it
  void present(@Nullable Credentials credentials) throws IOException;
}
