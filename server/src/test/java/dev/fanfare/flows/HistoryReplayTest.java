package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Replays that are much larger than what may wait for a socket.
@Tag("one-node")
final class HistoryReplayTest {

  private static final int CHANNELS = 10;
  private static final int KEPT = 120;
  private static final int LIVE = 20;
  private static final String DATA = "x".repeat(10_000);
  private static final Pattern EVENT =
      Pattern.compile("\\{\"event\":\"e([0-9]+)\",\"channel\":\"(feed-[0-9]+)\".*", Pattern.DOTALL);

  private static final App APP =
      PlainApp.APP
          .withOptions(PlainApp.APP.options().withCompression(true))
          .withHistory(
              List.of(
                  HistoryRule.DEFAULTS
                      .withReplay(HistoryRule.Replay.REWIND)
                      .withKeepEvents(1_000)
                      .withKeepBytes(100_000_000)
                      .withRewindEvents(1_000)));

  /// 14 MB, of which 1 MiB may wait.
  @ParameterizedTest
  @ValueSource(strings = {"", "Sec-WebSocket-Extensions: permessage-deflate"})
  void aReaderThatReadsLaterGetsEverythingInOrder(String header) throws IOException {
    String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
    try (TestNode node = TestNode.start(APP);
        Api api = new Api(node);
        RawSocket socket = RawSocket.established(node.port(), APP.key(), headers)) {
      publish(api, 0, KEPT);
      for (int i = 0; i < CHANNELS; i++) {
        socket.subscribe("feed-" + i);
      }
      publish(api, KEPT, KEPT + LIVE);
      Map<String, Integer> next = new HashMap<>();
      int events = 0;
      while (events < CHANNELS * (KEPT + LIVE)) {
        String text = socket.nextText();
        Matcher event = EVENT.matcher(text);
        if (event.matches()) {
          int number = Integer.parseInt(event.group(1));
          assertThat(number).isEqualTo(next.getOrDefault(event.group(2), 0));
          next.put(event.group(2), number + 1);
          events++;
        } else {
          assertThat(text).contains("subscription_succeeded");
        }
      }
      socket.expectNothing();
    }
  }

  private static void publish(Api api, int from, int to) throws IOException {
    String channels =
        IntStream.range(0, CHANNELS)
            .mapToObj(i -> "\"feed-" + i + "\"")
            .collect(Collectors.joining(","));
    for (int i = from; i < to; i++) {
      String body =
          "{\"name\":\"e%d\",\"channels\":[%s],\"data\":\"%s\"}".formatted(i, channels, DATA);
      assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
    }
  }
}
