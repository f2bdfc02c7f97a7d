package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.console.row.RowStreams;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.StreamOfRows;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The stream of rows, over a real connection.
final class EventStreamTest {

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private StreamOfRows opened(String query) throws IOException {
    return new StreamOfRows(node.port(), ConsoleNode.APP, query);
  }

  @Test
  void whatHappensIsStreamed() throws IOException {
    try (StreamOfRows stream = opened("&kind=publish,subscribe")) {
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
    try (StreamOfRows stream = opened("&kind=publish")) {
      long before = 0;
      for (int i = 0; i < 3; i++) {
        String line;
        do {
          line = stream.line();
        } while (!line.equals("event: series"));
        assertThat(stream.line()).matches("id: [0-9a-z]+-0");
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
    StreamOfRows[] streams = new StreamOfRows[RowStreams.MAX];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = opened("");
      streams[i].next(": the rows");
    }
    try (StreamOfRows refused = opened("");
        StreamOfRows wrong = opened("&kind=x")) {
      assertThat(refused.next("HTTP/1.1")).contains(" 503 ");
      assertThat(refused.next("{")).isEqualTo("{\"error\":\"There are 20 streams already\"}");
      assertThat(wrong.next("HTTP/1.1")).contains(" 400 ");
    }
    for (StreamOfRows stream : streams) {
      stream.close();
    }
  }

  /// A reader that never reads harms no other, and no client.
  @Test
  void aReaderThatNeverReadsHarmsNoOther() throws IOException {
    try (StreamOfRows lazy = opened("");
        StreamOfRows stream = opened("&event=last");
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
    try (StreamOfRows stream = new StreamOfRows(stopped.port(), ConsoleNode.APP, "")) {
      stream.next(": the rows");
      stopped.close();
      assertThatThrownBy(
              () -> {
                while (true) {
                  stream.line();
                }
              })
          .isInstanceOfAny(EOFException.class, SocketException.class);
    }
  }
}
