package dev.fanfare.transport.tls;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.tls.KeyFiles;
import dev.fanfare.tls.Loaded;
import dev.fanfare.transport.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ImmediateExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// Handshakes of the JDK's client with our server, without sockets.
final class InMemory {

  private static final int BUFFER = 64 * 1_024;

  private final Tls tls;

  InMemory(TlsOptions options, ManualClock clock) {
    this.tls = new Tls(options, ImmediateExecutor.INSTANCE, clock);
  }

  Tls tls() {
    return tls;
  }

  /// Uses the certificate in these files.
  void use(KeyFiles files) throws IOException {
    switch (files.load(Instant.now())) {
      case Loaded.Good good -> tls.use(good.credentials());
      case Loaded.Bad bad -> throw new IOException(bad.text());
    }
  }

  ServerContext context() {
    return Objects.requireNonNull(tls.context());
  }

  /// An engine of a new connection.
  SSLEngine engine() {
    return Objects.requireNonNull(context().newEngine(ByteBufAllocator.DEFAULT));
  }

  /// Connects, and waits until a ticket has arrived too.
  SSLSession connect(SSLContext client, String protocol) throws SSLException {
    SSLEngine server = engine();
    try {
      SSLEngine us = client.createSSLEngine("localhost", 443);
      us.setUseClientMode(true);
      us.setEnabledProtocols(new String[] {protocol});
      ByteBuffer toServer = ByteBuffer.allocateDirect(BUFFER);
      ByteBuffer toClient = ByteBuffer.allocateDirect(BUFFER);
      us.beginHandshake();
      boolean isMoving = true;
      while (isMoving) {
        isMoving = send(us, toServer);
        isMoving |= receive(server, toServer);
        isMoving |= send(server, toClient);
        isMoving |= receive(us, toClient);
      }
      if (us.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        throw new SSLException("the handshake is not complete: " + us.getHandshakeStatus());
      }
      server.wrap(ByteBuffer.allocate(1), toClient); // BoringSSL's tickets come with the first data
      receive(us, toClient);
      return us.getSession();
    } finally {
      ReferenceCountUtil.release(server);
    }
  }

  private static boolean send(SSLEngine from, ByteBuffer to) throws SSLException {
    boolean hasSent = false;
    while (true) {
      run(from);
      int sent = from.wrap(ByteBuffer.allocate(0), to).bytesProduced();
      if (sent <= 0) {
        return hasSent;
      }
      hasSent = true;
    }
  }

  private static boolean receive(SSLEngine to, ByteBuffer from) throws SSLException {
    from.flip();
    boolean hasReceived = false;
    int consumed = 1;
    while (consumed > 0 && from.hasRemaining()) {
      consumed = to.unwrap(from, ByteBuffer.allocate(BUFFER)).bytesConsumed();
      boolean hasRun = run(to);
      hasReceived |= consumed > 0 || hasRun;
      if (to.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        break;
      }
    }
    from.compact();
    return hasReceived;
  }

  private static boolean run(SSLEngine engine) {
    boolean hasRun = false;
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
      hasRun = true;
    }
    return hasRun;
  }
}
