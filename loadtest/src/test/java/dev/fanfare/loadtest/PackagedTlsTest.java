package dev.fanfare.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `target/fanfare-loadtest.jar`, which leaves out parts of Netty, has those that TLS needs. Runs
/// once the jar is made: `mvn verify -Dtest=PackagedTlsTest`.
@Tag("jar")
@Timeout(120)
final class PackagedTlsTest {

  @Test
  void aServerWithoutTlsIsReported() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerWithoutTls(server));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-jar",
                  "target/fanfare-loadtest.jar",
                  "fanout",
                  "--tls",
                  "--insecure",
                  "--subscribers",
                  "1",
                  "--port",
                  String.valueOf(server.getLocalPort()))
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output)
          .contains("the server does not speak TLS on this port")
          .doesNotContain("NoClassDefFoundError");
    }
  }

  private static void answerWithoutTls(ServerSocket server) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          var _ = socket.getInputStream().read();
          byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
          socket.getOutputStream().write(answer);
          socket.shutdownOutput();
          var _ = socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
          if (server.isClosed()) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
