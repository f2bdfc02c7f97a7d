package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawSocket.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Events that a rule for history keeps, as publishers and subscribers see them.
public final class KeptEvents {

  private KeptEvents() {}

  /// Publishes an event that is called `e`.
  ///
  /// @param more members of the request, each after a comma
  /// @return its id
  public static String publish(Api api, String channel, String data, String more)
      throws IOException {
    String body =
        api.post(
                "/events",
                "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\",\"info\":\"id\"%s}"
                    .formatted(channel, data, more))
            .body();
    String before = "{\"channels\":{\"" + channel + "\":{\"id\":\"";
    assertThat(body).startsWith(before).endsWith("\"}}}");
    return body.substring(before.length(), body.length() - 4);
  }

  /// What subscribers receive of it.
  public static String event(String channel, String data, String id) {
    return "{\"event\":\"e\",\"channel\":\"%s\",\"data\":\"%s\",\"id\":\"%s\"}"
        .formatted(channel, data, id);
  }

  /// Subscribes to a channel without members, and waits until that has succeeded.
  public static void subscribe(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextText())
        .isEqualTo(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\",\"data\":\"{}\"}"
                .formatted(channel));
  }

  /// Receives these events. The server may ask between two of them what has arrived; it asks again
  /// two seconds later.
  ///
  /// @param clock of the server
  public static void expect(RawSocket socket, List<String> events, ManualClock clock)
      throws IOException {
    for (String event : events) {
      Frame frame = socket.nextFrame();
      if (frame.opcode() == RawSocket.PING) {
        socket.sendFrame(RawSocket.PONG, true, frame.payload());
        clock.advance(Duration.ofSeconds(2));
        frame = socket.nextFrame();
      }
      assertThat(frame.text()).isEqualTo(event);
    }
  }

  /// Answers the next question, and waits until the server has got the answer.
  ///
  /// @return the question
  public static String confirm(RawSocket socket) throws IOException {
    Frame ping = socket.nextFrame();
    assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
    String question = new String(ping.payload(), StandardCharsets.US_ASCII);
    assertThat(question).startsWith("f");
    socket.sendFrame(RawSocket.PONG, true, ping.payload());
    socket.expectNothing();
    return question;
  }

  /// Answers this question.
  public static void confirm(RawSocket socket, String question) throws IOException {
    assertThat(confirm(socket)).isEqualTo(question);
  }
}
