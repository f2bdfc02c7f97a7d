package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.row.RowStreams;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The stream of rows, over a real connection.
final class EventStreamTest {

  private static final int PATIENCE_MS = 60_000;

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  /// A stream that was answered.
  private final class Opened implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Opened(String query) throws IOException {
      this(node.port(), query);
    }

    Opened(int port, String query) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MS);
      String signed =
          Api.signedQuery(
              ConsoleNode.APP,
              "GET",
              Gate.STREAM,
              "app=1234" + query,
              "",
              System.currentTimeMillis() / 1_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + Gate.STREAM + "?" + signed + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /// The next line that begins like that, apart from those of figures.
    String next(String start) throws IOException {
      String line;
      boolean isSeries = false;
      do {
        line = line();
        isSeries = line.equals("event: series") || (isSeries && !line.isEmpty());
      } while (isSeries || !line.startsWith(start));
      return line;
    }

    String line() throws IOException {
      String line = lines.readLine();
      assertThat(line).as("the end of the stream").isNotNull();
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void whatHappensIsStreamed() throws IOException {
    try (Opened stream = new Opened("&kind=publish,subscribe")) {
      assertThat(stream.next("HTTP/1.1 200")).isNotEmpty();
      assertThat(stream.next("Content-type: text/event-stream")).isNotEmpty();
      stream.next(": the rows of app 1234");
      try (RawSocket socket = node.subscribed("news")) {
        assertThat(stream.next("data: "))
            .contains("\"kind\":\"subscribe\"", "\"channel\":\"news\"", socket.socketId());
        node.api().publish("news", "e", "hello");
        assertThat(stream.next("event: rows")).isNotEmpty();
        assertThat(stream.next("id: ")).isNotEmpty();
        assertThat(stream.next("data: "))
            .startsWith("data: [{\"id\":\"")
            .contains("\"kind\":\"publish\",\"channel\":\"news\",\"event\":\"e\",\"address\":")
            .contains("\"trace\":\"1\",\"chars\":5,\"data\":\"hello\",\"subscribers\":1,")
            .contains("\"matched\":1,\"reached\":1,");
      }
    }
  }

  @Test
  void figuresFollowOnceASecond() throws IOException {
    try (Opened stream = new Opened("&kind=publish")) {
      long before = 0;
      for (int i = 0; i < 3; i++) {
        String line;
        do {
          line = stream.line();
        } while (!line.equals("event: series"));
        String row = stream.line();
        assertThat(row)
            .matches("data: \\{\"t\":\\d+,\"connections\":0,\"publishes\":0,\"refusals\":0}");
        assertThat(stream.line()).isEmpty();
        long t = Long.parseLong(row.replaceAll(".*\"t\":(\\d+),.*", "$1"));
        assertThat(t).isGreaterThan(before);
        before = t;
      }
    }
  }

  @Test
  void theTwentyFirstStreamIsRefusedAndAWrongFilterToo() throws IOException {
    Opened[] streams = new Opened[RowStreams.MAX];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = new Opened("");
      streams[i].next(": the rows");
    }
    try (Opened refused = new Opened("");
        Opened wrong = new Opened("&kind=x")) {
      assertThat(refused.next("HTTP/1.1")).contains(" 503 ");
      assertThat(refused.next("{")).isEqualTo("{\"error\":\"There are 20 streams already\"}");
      assertThat(wrong.next("HTTP/1.1")).contains(" 400 ");
    }
    for (Opened stream : streams) {
      stream.close();
    }
  }

  /// A reader that never reads harms no other, and no client.
  @Test
  void aReaderThatNeverReadsHarmsNoOther() throws IOException {
    try (Opened lazy = new Opened("");
        Opened stream = new Opened("&event=last");
        RawSocket socket = node.subscribed("news")) {
      lazy.next(": the rows");
      stream.next(": the rows");
      String large = "x".repeat(10_000);
      for (int i = 0; i < 2_000; i++) {
        node.api().publish("news", "e", large);
        socket.nextTextContaining("\"e\"");
      }
      node.api().publish("news", "last", "x");
      assertThat(stream.next("data: ")).contains("\"event\":\"last\"");
      assertThat(node.get("/connections", "").get("total").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aStopEndsTheStream() throws IOException {
    ConsoleNode stopped = new ConsoleNode();
    try (Opened stream = new Opened(stopped.port(), "")) {
      stream.next(": the rows");
      stopped.close();
      String line;
      do {
        line = stream.lines.readLine();
      } while (line != null);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}
