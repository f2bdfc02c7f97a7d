package dev.fanfare;

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

/// Asks one server whether it wants connections, over a socket of its own. Engines ask every few
/// seconds in a fresh process, and a JDK's HTTP client takes as long to load as all the rest of it.
///
/// @param server where the server is, with its path prefix
/// @param patienceMillis how long to wait for the connection, and for each piece of the answer
record ReadinessProbe(URI server, int patienceMillis) {

  private static final int HTTP_PORT = 80;

  /// Bytes of an answer that are read; what comes after them is left.
  private static final int LONGEST_ANSWER = 65_536;

  private static final Pattern ANSWER =
      Pattern.compile(
          "HTTP/1\\.[01] (\\d{3})[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*)", Pattern.DOTALL);

  /// What the server said.
  record Answer(int status, String body) {}

  /// Asks, and waits for the whole answer.
  ///
  /// @throws IOException with a sentence that says where nobody answered, and why
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
    } catch (IOException e) {
      throw new IOException("the server at " + server + " did not answer: " + e.getMessage(), e);
    }
  }

  private Socket connect() throws IOException {
    if (!"http".equals(server.getScheme())) {
      throw new IOException("this command speaks http only");
    }
    UrlHost host = UrlHost.of(server);
    if (host == null) {
      throw new IOException("its URL has no host");
    }
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(host.bareHost(), host.portOr(HTTP_PORT)), patienceMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Of HTTP 1.0, so that the answer ends with the connection, and comes in one piece.
  private String request() {
    String prefix = server.getRawPath().replaceFirst("/$", "");
    return "GET " + prefix + "/ready HTTP/1.0\r\nHost: " + server.getRawAuthority() + "\r\n\r\n";
  }

  private static Answer read(InputStream in) throws IOException {
    String text = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    Matcher answer = ANSWER.matcher(text);
    if (!answer.matches()) {
      throw new IOException("what it says is not HTTP");
    }
    return new Answer(Integer.parseInt(answer.group(1)), answer.group(2));
  }
}
