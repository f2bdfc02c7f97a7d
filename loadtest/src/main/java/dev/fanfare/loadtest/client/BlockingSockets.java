package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Opens blocking sockets, for clients that have a thread each. Thread-safe.
public final class BlockingSockets {

  private BlockingSockets() {}

  /// Connects, over TLS if the target says so; the handshake follows with the first byte.
  ///
  /// @param patienceMillis the most that connecting and each read may take
  public static Socket open(Target target, int patienceMillis) throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(target.address(), patienceMillis);
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(patienceMillis);
      return target.tls() ? secured(plain, target) : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /// Connects without TLS and without a time limit for reads.
  ///
  /// @param source the local address, `null` to leave it to the kernel
  /// @param receiveBuffer bytes that the kernel may hold for this socket, 0 for its default
  public static Socket plain(
      InetSocketAddress address,
      @Nullable InetSocketAddress source,
      int receiveBuffer,
      int patienceMillis)
      throws IOException {
    Socket plain = new Socket();
    try {
      if (receiveBuffer > 0) {
        plain.setReceiveBufferSize(receiveBuffer);
      }
      if (source != null) {
        plain.bind(source);
      }
      plain.connect(address, patienceMillis);
      plain.setTcpNoDelay(true);
      return plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /// TLS over a connected socket; closing the result closes both.
  public static SSLSocket secured(Socket plain, Target target) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      boolean any = target.insecure();
      context.init(
          null, any ? InsecureTrustManagerFactory.INSTANCE.getTrustManagers() : null, null);
      SSLSocket secured =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, target.host(), target.port(), true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm(any ? null : "HTTPS");
      secured.setSSLParameters(parameters);
      return secured;
    } catch (GeneralSecurityException e) {
      throw new Refusal("TLS cannot be set up: " + e.getMessage() + ".");
    }
  }
}
