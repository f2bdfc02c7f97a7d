package dev.fanfare.doctor.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Opens connections to one address of a site.
///
/// @param name for the Host header and TLS, with a port unless it is the default one
public record Dialer(Site site, String name, InetAddress address, Trust trust, boolean insecure) {

  /// Opens a connection for HTTP.
  ///
  /// @throws IOException also if TLS fails or the certificate is not trusted
  public Socket open(Deadline deadline) throws IOException {
    if (!site.tls()) {
      return tcp(deadline);
    }
    SSLSocketFactory factory = insecure ? Trust.lenient() : trust.strict();
    return tls(factory, !insecure, deadline);
  }

  /// Opens a TLS connection with any certificate, trusted or not.
  public SSLSocket openLenient(Deadline deadline) throws IOException {
    return tls(Trust.lenient(), false, deadline);
  }

  public Socket tcp(Deadline deadline) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(address, site.port()), deadline.leftMs());
      socket.setSoTimeout(deadline.leftMs());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private SSLSocket tls(SSLSocketFactory factory, boolean checkName, Deadline deadline)
      throws IOException {
    Socket plain = tcp(deadline);
    try {
      SSLSocket socket = (SSLSocket) factory.createSocket(plain, bareName(), site.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      if (isName(bareName())) {
        parameters.setServerNames(List.of(new SNIHostName(bareName())));
      }
      if (checkName) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /// The name without a port and brackets.
  public String bareName() {
    if (name.startsWith("[")) {
      return name.substring(1, name.indexOf(']'));
    }
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /// SNI has no addresses, and the JDK rejects names with an underscore.
  private static boolean isName(String host) {
    return !host.contains(":") && !host.matches("[\\d.]+") && host.matches("[A-Za-z0-9.-]+");
  }
}
