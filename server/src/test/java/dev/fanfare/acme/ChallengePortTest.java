package dev.fanfare.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The port that authorities ask, byte by byte.
final class ChallengePortTest {

  private static final String NOT_FOUND =
      response("404 Not Found", "text/plain", "Only challenges of ACME are answered here");

  @TempDir private Path directory;
  private AcmeFolder folder;
  private ChallengePort port;

  @BeforeEach
  void open() throws IOException {
    folder = new AcmeFolder(directory.resolve("acme"));
    port = ChallengePort.open("127.0.0.1", 0, folder, NanoClock.SYSTEM);
  }

  @AfterEach
  void close() {
    port.close();
  }

  private static String response(String status, String type, String body) {
    return String.join(
        "\r\n",
        "HTTP/1.1 " + status,
        "Content-Type: " + type,
        "X-Content-Type-Options: nosniff",
        "Content-Length: " + body.length(),
        "Connection: close",
        "",
        body);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private String answer(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void aTokenIsAnsweredWhileItIsExamined() throws IOException {
    FolderAnswers answers = new FolderAnswers(folder);
    assertThat(answers.give("localhost", "abc", "abc.print")).isEqualTo(Parsed.PASSED);
    String request = "GET /.well-known/acme-challenge/abc HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(answer(request))
        .isEqualTo(response("200 OK", "application/octet-stream", "abc.print"));
    answers.withdraw("abc");
    assertThat(answer(request)).isEqualTo(NOT_FOUND);
  }

  @Test
  void nothingElseIsServed() throws IOException {
    folder.keepAnswer("abc", "abc.print");
    for (String line :
        List.of(
            "GET / HTTP/1.1",
            "GET /.well-known/acme-challenge/ HTTP/1.1",
            "GET /.well-known/acme-challenge/../account.pem HTTP/1.1",
            "GET /.well-known/acme-challenge/..%2faccount.pem HTTP/1.1",
            "GET /.well-known/acme-challenge/" + "a".repeat(300) + " HTTP/1.1",
            "POST /.well-known/acme-challenge/abc HTTP/1.1",
            "GET /.well-known/acme-challenge/abc?x=1 HTTP/1.1")) {
      assertThat(answer(line + "\r\n\r\n")).as(line).isEqualTo(NOT_FOUND);
    }
  }

  @Test
  void aHeadThatIsTooLongGetsNoAnswer() throws IOException {
    try (Socket socket = connect()) {
      byte[] head = ("GET /" + "a".repeat(4_091)).getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(head);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void silentConnectionsGiveWayToNewOnes() throws IOException {
    folder.keepAnswer("abc", "abc.print");
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * ChallengePort.MAX_CONNECTIONS; i++) {
        silent.add(connect());
      }
      assertThat(answer("GET /.well-known/acme-challenge/abc HTTP/1.0\r\n\r\n"))
          .endsWith("\r\n\r\nabc.print");
      assertThat(silent.getFirst().getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsSetting() {
    assertThatThrownBy(() -> ChallengePort.open("127.0.0.1", port.port(), folder, NanoClock.SYSTEM))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot listen on 127.0.0.1:"
                + port.port()
                + " for challenges of ACME (acme_http_port)");
  }
}
