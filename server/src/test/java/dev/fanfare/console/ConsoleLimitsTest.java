package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What strangers on the machine may hold of the console's port. In a separate process, since the
/// JDK reads these limits once.
final class ConsoleLimitsTest {

  private static final int MAX_CONNECTIONS = 40;
  private static final int PATIENCE_MS = 60_000;
  private static final Map<String, String> CONFIGURATION =
      Map.of("FANFARE_CONSOLE", "true", "FANFARE_CONSOLE_PORT", "0", "FANFARE_LANES", "1");
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private static int port(RunningServer server) {
    String address =
        server.output().stream()
            .filter(line -> line.startsWith("  console "))
            .findAny()
            .orElseThrow();
    return Integer.parseInt(address.replaceAll("\\D*$", "").replaceAll(".*:", ""));
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /// The next byte; -1 once the connection is closed.
  private static int next(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException _) {
      return -1; // reset
    }
  }

  @Test
  void moreConnectionsThanItHoldsAreClosed() throws IOException {
    List<Socket> open = new ArrayList<>();
    try (RunningServer server = RunningServer.start("-Xmx128m", CONFIGURATION)) {
      int port = port(server);
      for (int i = 0; i < MAX_CONNECTIONS; i++) {
        Socket socket = connect(port);
        open.add(socket);
        send(socket, REQUEST);
        assertThat(next(socket)).as("connection %d", i).isEqualTo('H');
      }
      Socket surplus = connect(port);
      open.add(surplus);
      assertThat(next(surplus)).isEqualTo(-1);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aRequestThatDoesNotArriveIsNotWaitedFor() throws IOException {
    String soon = "-Xmx128m -Dsun.net.httpserver.maxReqTime=1";
    try (RunningServer server = RunningServer.start(soon, CONFIGURATION);
        Socket socket = connect(port(server))) {
      send(socket, REQUEST.substring(0, 20));
      assertThat(next(socket)).isEqualTo(-1);
    }
  }
}
