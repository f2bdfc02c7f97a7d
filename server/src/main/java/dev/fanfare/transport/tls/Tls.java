package dev.fanfare.transport.tls;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.TlsOptions.Engine;
import dev.fanfare.transport.memory.Holdings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Creates TLS handlers with the current certificate; existing connections keep theirs.
///
/// Signing is the expensive part of a handshake. With the JDK's engine it runs on separate threads,
/// otherwise a wave of reconnects would delay every connection of the lanes. With BoringSSL it is
/// many times cheaper and runs on the lane, by turns with everything else ([HandshakeTurns]).
public final class Tls implements AutoCloseable {

  private static final Logger log = Component.TLS.logger();

  /// The engine of new handshakes, and why.
  ///
  /// @param reason why it is not BoringSSL; empty if it is, or was configured
  public record Choice(Engine engine, String reason) {

    /// For people: `BoringSSL` for example.
    @Override
    public String toString() {
      String name = engine == Engine.OPENSSL ? "BoringSSL" : "JDK";
      return reason.isEmpty() ? name : name + " (not BoringSSL: " + reason + ")";
    }
  }

  private final TlsOptions options;
  private final Executor signers;
  private final NanoClock clock;
  private volatile @Nullable ServerContext context;
  private volatile @Nullable Choice choice;
  private volatile @Nullable SslContext challenge;

  /// @param signers runs the expensive tasks of the JDK's handshakes
  public Tls(TlsOptions options, Executor signers, NanoClock clock) {
    this.options = options;
    this.signers = signers;
    this.clock = clock;
  }

  /// The pool starts its threads on demand: none without TLS.
  public static Tls of(TlsOptions options, NanoClock clock) {
    int threads = Runtime.getRuntime().availableProcessors();
    DefaultThreadFactory factory = new DefaultThreadFactory("fanfare-signer", true);
    return new Tls(options, Executors.newFixedThreadPool(threads, factory), clock);
  }

  /// Uses this certificate for all new handshakes. Any thread, but one at a time.
  public void use(Credentials credentials) throws IOException {
    Choice next = choose(credentials);
    ServerContext made;
    try {
      made =
          next.engine() == Engine.OPENSSL
              ? ServerContext.boringSsl(credentials, options, clock.nanoTime())
              : ServerContext.jdk(credentials, options);
    } catch (SSLException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException("TLS cannot use it: " + reason.getMessage(), e);
    }
    ServerContext former = context;
    context = made;
    if (former != null) {
      former.release();
    }
    if (choice != null && !next.equals(choice)) {
      log.info("the TLS engine is now {}", next);
    }
    choice = next;
  }

  private Choice choose(Credentials credentials) throws IOException {
    if (options.engine() == Engine.JDK) {
      return new Choice(Engine.JDK, "");
    }
    Parsed<Parsed.Passed> check = BoringSsl.check();
    if (check instanceof Parsed.Ok) {
      check = BoringSsl.check(credentials.key());
    }
    if (!(check instanceof Parsed.Bad(String problem))) {
      return new Choice(Engine.OPENSSL, "");
    }
    if (options.engine() == Engine.OPENSSL) {
      throw new IOException(
          "tls_engine is openssl, and BoringSSL cannot be used: "
              + problem
              + "; `tls_engine: auto` uses the JDK's engine instead");
    }
    return new Choice(Engine.JDK, problem);
  }

  /// False until there is a certificate: handshakes cannot begin.
  boolean isReady() {
    return context != null;
  }

  /// Answers examinations of a domain with this certificate, until it is replaced or removed by
  /// null. Any thread.
  ///
  /// @throws IOException with the reason if TLS cannot use it
  public void presentChallenge(@Nullable Credentials credentials) throws IOException {
    challenge = credentials == null ? null : ServerContext.challenge(credentials);
  }

  /// Whether a domain may be under examination.
  boolean hasChallenge() {
    return challenge != null;
  }

  /// A handler for a new socket of an authority; null if the examination is over.
  @Nullable SslHandler newChallengeHandler(ByteBufAllocator allocator, Holdings holdings) {
    SslContext now = challenge;
    if (now == null) {
      return null;
    }
    SslHandler handler = new TlsHandler(now.newEngine(allocator), signers, holdings);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /// The engine of new handshakes; null without a certificate.
  public @Nullable Choice choice() {
    return choice;
  }

  /// Replaces keys whose time is over. Any thread, but not at the same time as [#use].
  public void sweep() {
    ServerContext now = context;
    if (now != null) {
      now.rotateTicketKeys(clock.nanoTime());
    }
  }

  /// A handler for a new socket. It has no separate timeout: that of the socket's first request
  /// includes the handshake.
  ///
  /// @param holdings counts what the handler holds
  /// @param turns runs the expensive tasks of BoringSSL's handshakes
  SslHandler newHandler(ByteBufAllocator allocator, Holdings holdings, Executor turns) {
    while (true) {
      ServerContext now = context;
      if (now == null) {
        throw new IllegalStateException("no certificate is in use");
      }
      SSLEngine engine = now.newEngine(allocator);
      if (engine != null) { // else it has been replaced meanwhile
        SslHandler handler = new TlsHandler(engine, now.isNative() ? turns : signers, holdings);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
      }
    }
  }

  /// The current context; for tests.
  @Nullable ServerContext context() {
    return context;
  }

  @Override
  public void close() {
    ServerContext last = context;
    context = null;
    if (last != null) {
      last.release();
    }
    if (signers instanceof ExecutorService pool) {
      pool.shutdownNow();
    }
  }
}
