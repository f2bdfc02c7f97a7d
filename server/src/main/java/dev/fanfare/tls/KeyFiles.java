package dev.fanfare.tls;

import dev.fanfare.app.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The files of a server's certificate and key.
///
/// @param certificate path of a PEM chain or of a PKCS12 file; empty if there is none
/// @param key path of the key in PEM; empty if it is in the certificate's file
/// @param password of the key or the PKCS12 file; null if neither needs one
/// @param isOrdered whether this server orders the certificate, so that it may come later
public record KeyFiles(
    String certificate, String key, @Nullable Secret password, boolean isOrdered) {

  /// Files that must be there.
  public KeyFiles(String certificate, String key, @Nullable Secret password) {
    this(certificate, key, password, false);
  }

  /// True if no certificate is configured.
  public boolean areNone() {
    return certificate.isEmpty();
  }

  /// The current content of the files. Blocks.
  Contents read() {
    return new Contents(Contents.of(certificate), key.isEmpty() ? null : Contents.of(key));
  }

  /// Reads and checks everything. Blocks.
  public Loaded load(Instant now) {
    return CredentialReader.read(this, read(), now);
  }
}
