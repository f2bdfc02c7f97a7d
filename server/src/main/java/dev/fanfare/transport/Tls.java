package dev.fanfare.transport;

import dev.fanfare.tls.Credentials;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Speaks TLS with the certificate that is in use at the moment; what is connected keeps the one
/// that it began with.
///
/// The costly part of a handshake, signing, is done by threads of its own: a crowd that comes back
/// at once would else make every lane late for those who are there.
final class Tls implements AutoCloseable {

  private final TlsOptions options;
  private final Executor signers;
  private volatile @Nullable SslContext context;

  /// @param signers does what takes a while
  Tls(TlsOptions options, Executor signers) {
    this.options = options;
    this.signers = signers;
  }

  /// Threads of the pool are started when they are needed: none without TLS.
  static Tls of(TlsOptions options) {
    int threads = Runtime.getRuntime().availableProcessors();
    DefaultThreadFactory factory = new DefaultThreadFactory("fanfare-signer", true);
    return new Tls(options, Executors.newFixedThreadPool(threads, factory));
  }

  /// Has all further handshakes done with this certificate. Any thread.
  void use(Credentials credentials) throws IOException {
    try {
      context =
          SslContextBuilder.forServer(
                  credentials.key(), credentials.chain().toArray(X509Certificate[]::new))
              .sslProvider(SslProvider.JDK)
              .protocols(options.protocols().stream().map(Object::toString).toList())
              .build();
    } catch (SSLException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException("TLS cannot work with it: " + reason.getMessage(), e);
    }
  }

  /// What a fresh socket needs. No time-out of its own: the socket's first request has one, and the
  /// handshake is part of it.
  SslHandler newHandler(ByteBufAllocator allocator) {
    SslContext now = context;
    if (now == null) {
      throw new IllegalStateException("no certificate is in use");
    }
    SslHandler handler = now.newHandler(allocator, signers);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  @Override
  public void close() {
    if (signers instanceof ExecutorService pool) {
      pool.shutdownNow();
    }
  }
}
