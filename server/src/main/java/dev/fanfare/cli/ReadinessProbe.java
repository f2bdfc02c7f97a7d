package dev.fanfare.cli;

import dev.fanfare.protocol.UrlHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Asks one server whether it is ready, over a plain socket or TLS. Container engines ask every few
/// seconds in a new process, and the JDK's HTTP client takes as long to load as everything else.
///
/// @param server where the server is, with its path prefix
/// @param patienceMillis how long to wait for the connection, and for each piece of the answer
/// @param tls how to speak TLS; null for plain HTTP
record ReadinessProbe(URI server, int patienceMillis, @Nullable Tls tls) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /// Bytes of an answer that are read; the rest is ignored.
  private static final int LONGEST_ANSWER = 65_536;

  private static final Pattern ANSWER =
      Pattern.compile(
          "HTTP/1\\.[01] (\\d{3})[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*)", Pattern.DOTALL);

  /// How to speak TLS.
  ///
  /// @param verifiesName true if the certificate must be for the host of the URL
  record Tls(SSLSocketFactory sockets, boolean verifiesName) {}

  /// The server's answer.
  record Answer(int status, String body) {}

  /// Asks, and waits for the whole answer.
  ///
  /// @throws IOException with a sentence that says which server did not answer, and why
  Answer ask() throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(patienceMillis);
      socket.getOutputStream().write(request().getBytes(StandardCharsets.UTF_8));
      return read(socket.getInputStream());
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + server, e);
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "the server at " + server + " did not answer within " + patienceMillis + " ms", e);
    } catch (SSLException e) {
      throw new IOException("no TLS with the server at " + server + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("the server at " + server + " did not answer: " + e.getMessage(), e);
    }
  }

  private Socket connect() throws IOException {
    UrlHost host = UrlHost.of(server);
    if (host == null) {
      throw new IOException("its URL has no host");
    }
    int port = host.portOr(tls == null ? HTTP_PORT : HTTPS_PORT);
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host.bareHost(), port), patienceMillis);
      return tls == null ? socket : encrypted(socket, tls, host.bareHost(), port);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket encrypted(Socket plain, Tls with, String host, int port) throws IOException {
    plain.setSoTimeout(patienceMillis);
    SSLSocket socket = (SSLSocket) with.sockets().createSocket(plain, host, port, true);
    if (with.verifiesName()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  /// HTTP 1.0, so that the answer ends with the connection, and is not chunked.
  private String request() {
    String prefix = server.getRawPath().replaceFirst("/$", "");
    return "GET " + prefix + "/ready HTTP/1.0\r\nHost: " + server.getRawAuthority() + "\r\n\r\n";
  }

  private static Answer read(InputStream in) throws IOException {
    String text = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    Matcher answer = ANSWER.matcher(text);
    if (!answer.matches()) {
      throw new IOException("its answer is not HTTP");
    }
    return new Answer(Integer.parseInt(answer.group(1)), answer.group(2));
  }
}
