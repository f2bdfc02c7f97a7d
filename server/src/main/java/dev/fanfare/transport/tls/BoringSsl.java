package dev.fanfare.transport.tls;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Credentials;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.security.interfaces.EdECKey;

/// The TLS library that this program brings along for Linux, and loads when it first needs it. Any
/// thread.
final class BoringSsl {

  private BoringSsl() {}

  /// Whether the library can be used on this machine. The first call loads it.
  static Parsed<Parsed.Passed> check() {
    if (OpenSsl.isAvailable()) {
      return Parsed.PASSED;
    }
    return new Parsed.Bad<>(
        "its library cannot be loaded: " + reason(OpenSsl.unavailabilityCause()));
  }

  /// The innermost cause. Netty tries several names, and keeps each failure beside the last one.
  private static String reason(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null || root.getSuppressed().length > 0) {
      root = root.getCause() != null ? root.getCause() : root.getSuppressed()[0];
    }
    return String.valueOf(root.getMessage());
  }

  /// Whether the library can sign with this key.
  static Parsed<Parsed.Passed> check(PrivateKey key) {
    String kind =
        key instanceof EdECKey edwards ? edwards.getParams().getName() : key.getAlgorithm();
    return switch (kind) {
      case "RSA", "EC", "Ed25519" -> Parsed.PASSED;
      default -> new Parsed.Bad<>("it has no signatures with " + kind);
    };
  }

  /// A context for servers. Memory outside of the heap belongs to it until it is released, and so
  /// do its sessions.
  static SslContextBuilder builder(Credentials credentials) {
    return SslContextBuilder.forServer(
            new OpenSslCachingX509KeyManagerFactory(new OnlyKey.Factory(credentials), 1))
        .trustManager(NoClients.TRUST)
        .sslProvider(SslProvider.OPENSSL_REFCNT);
  }
}
