package dev.fanfare.transport.tls;

import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslServerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS with one certificate, on one of the two engines. Each connection keeps the one that it began
/// with; the memory of BoringSSL is freed when the last of them has ended. Any thread.
final class ServerContext {

  /// Sessions that are kept for clients of TLS 1.2 without tickets. By default the engines keep
  /// 20,480, and anyone can make them do so.
  private static final int SESSIONS = 1_024;

  /// How long a client may resume a session. The JDK replaces the keys of tickets every hour and
  /// forgets the old ones after this time, so that a stolen key opens nothing older than two hours;
  /// by default it is a day. For BoringSSL, [TicketKeys] does the same.
  private static final int SESSION_SECONDS = TicketKeys.PERIOD_SECONDS;

  private final SslContext context;

  /// Null for the JDK's engine.
  private final @Nullable TicketKeys tickets;

  private ServerContext(SslContext context, @Nullable TicketKeys tickets) {
    this.context = context;
    this.tickets = tickets;
  }

  static ServerContext jdk(Credentials credentials, TlsOptions options) throws SSLException {
    X509Certificate[] chain = credentials.chain().toArray(X509Certificate[]::new);
    SslContextBuilder builder =
        SslContextBuilder.forServer(credentials.key(), chain).sslProvider(SslProvider.JDK);
    return new ServerContext(build(builder, options), null);
  }

  /// For the examination of a domain, which speaks `acme-tls/1`. The JDK's engine: it happens once
  /// in weeks.
  static SslContext challenge(Credentials credentials) throws SSLException {
    X509Certificate[] chain = credentials.chain().toArray(X509Certificate[]::new);
    return SslContextBuilder.forServer(credentials.key(), chain)
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.FATAL_ALERT,
                ClientHello.PROTOCOL))
        .build();
  }

  /// @param nowNs of a monotonic clock
  static ServerContext boringSsl(Credentials credentials, TlsOptions options, long nowNs)
      throws SSLException {
    SslContext context = build(BoringSsl.builder(credentials), options);
    ServerContext made = new ServerContext(context, new TicketKeys(nowNs));
    made.useTicketKeys();
    return made;
  }

  private static SslContext build(SslContextBuilder builder, TlsOptions options)
      throws SSLException {
    return builder
        .sessionCacheSize(SESSIONS)
        .sessionTimeout(SESSION_SECONDS)
        .protocols(options.protocols().stream().map(Object::toString).toList())
        .build();
  }

  /// True if handshakes compute their signatures on the lane.
  boolean isNative() {
    return tickets != null;
  }

  /// An engine for a new connection; null if this was released.
  @Nullable SSLEngine newEngine(ByteBufAllocator allocator) {
    if (!retain()) {
      return null;
    }
    try {
      return context.newEngine(allocator);
    } finally {
      release();
    }
  }

  /// Replaces the keys of tickets if it is time to.
  void rotateTicketKeys(long nowNs) {
    if (tickets != null && tickets.rotate(nowNs) && retain()) {
      try {
        useTicketKeys();
      } finally {
        release();
      }
    }
  }

  private void useTicketKeys() {
    if (tickets != null && context instanceof ReferenceCountedOpenSslServerContext server) {
      OpenSslServerSessionContext sessions = server.sessionContext();
      sessions.setTicketKeys(tickets.keys());
    }
  }

  private boolean retain() {
    if (context instanceof ReferenceCounted counted) {
      try {
        var _ = counted.retain();
      } catch (IllegalReferenceCountException e) {
        return false;
      }
    }
    return true;
  }

  /// No new connection will use it.
  void release() {
    var _ = ReferenceCountUtil.release(context);
  }

  /// Connections that use it, and one for those to come; 0 if its memory was freed, and for the
  /// JDK's engine. For tests.
  int uses() {
    return ReferenceCountUtil.refCnt(context) == -1 ? 0 : ReferenceCountUtil.refCnt(context);
  }
}
