package dev.fanfare.transport.tls;

import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.memory.Holdings;
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

/// Creates TLS handlers with the current certificate; existing connections keep theirs.
///
/// Signing, the expensive part of a handshake, runs on separate threads: otherwise a wave of
/// reconnects would delay every connection of the lanes.
public final class Tls implements AutoCloseable {

  /// Sessions that are kept for clients of TLS 1.2 without tickets. By default the JDK keeps
  /// 20,480, and anyone can make it do so.
  private static final int SESSIONS = 1_024;

  /// How long a client may resume a session. The JDK replaces the keys of tickets every hour and
  /// forgets the old ones after this time, so that a stolen key opens nothing older than two hours;
  /// by default it is a day.
  private static final int SESSION_SECONDS = 3_600;

  private final TlsOptions options;
  private final Executor signers;
  private volatile @Nullable SslContext context;

  /// @param signers runs the expensive tasks of handshakes
  public Tls(TlsOptions options, Executor signers) {
    this.options = options;
    this.signers = signers;
  }

  /// The pool starts its threads on demand: none without TLS.
  public static Tls of(TlsOptions options) {
    int threads = Runtime.getRuntime().availableProcessors();
    DefaultThreadFactory factory = new DefaultThreadFactory("fanfare-signer", true);
    return new Tls(options, Executors.newFixedThreadPool(threads, factory));
  }

  /// Uses this certificate for all new handshakes. Any thread.
  public void use(Credentials credentials) throws IOException {
    try {
      context =
          SslContextBuilder.forServer(
                  credentials.key(), credentials.chain().toArray(X509Certificate[]::new))
              .sslProvider(SslProvider.JDK)
              .sessionCacheSize(SESSIONS)
              .sessionTimeout(SESSION_SECONDS)
              .protocols(options.protocols().stream().map(Object::toString).toList())
              .build();
    } catch (SSLException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException("TLS cannot use it: " + reason.getMessage(), e);
    }
  }

  /// A handler for a new socket. It has no separate timeout: that of the socket's first request
  /// includes the handshake.
  ///
  /// @param holdings counts what the handler holds
  SslHandler newHandler(ByteBufAllocator allocator, Holdings holdings) {
    SslContext now = context;
    if (now == null) {
      throw new IllegalStateException("no certificate is in use");
    }
    SslHandler handler = new TlsHandler(now.newEngine(allocator), signers, holdings);
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
