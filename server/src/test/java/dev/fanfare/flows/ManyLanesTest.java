package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Two lanes and several concurrent publishers: the events of one publisher to one channel arrive
/// at every subscriber once and in order, on whichever lanes publisher and subscriber are.
final class ManyLanesTest {

  private static final int SUBSCRIBERS = 24;
  private static final int PUBLISHERS = 4;
  private static final int CHANNELS = 3;
  private static final int EVENTS = 400;
  private static final long PATIENCE_S = 60;
  private static final Pattern EVENT = Pattern.compile("\"event\":\"(\\d+)\".*\"data\":\"(\\d+)\"");

  @Test
  void nothingIsReorderedLostOrDuplicated() throws Exception {
    try (TestNode node = TestNode.start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<RawSocket> sockets = new ArrayList<>();
      try {
        for (int i = 0; i < SUBSCRIBERS; i++) {
          RawSocket socket = node.connect();
          sockets.add(socket);
          socket.subscribe(channel(i % CHANNELS));
          socket.nextTextContaining("subscription_succeeded");
        }
        List<Future<?>> all = new ArrayList<>();
        for (int p = 0; p < PUBLISHERS; p++) {
          int publisher = p;
          all.add(threads.submit(() -> publish(node, publisher)));
        }
        sockets.forEach(socket -> all.add(threads.submit(() -> assertInOrder(socket))));
        for (Future<?> each : all) {
          each.get(PATIENCE_S, TimeUnit.SECONDS);
        }
      } finally {
        for (RawSocket socket : sockets) {
          socket.close();
        }
      }
    }
  }

  private static String channel(int number) {
    return "news-" + number;
  }

  /// Every event goes to all channels; its name is the publisher, its data the number.
  private static Void publish(TestNode node, int publisher) throws IOException {
    try (Api api = new Api(node)) {
      for (int i = 0; i < EVENTS; i++) {
        String channels = "\"%s\",\"%s\",\"%s\"".formatted(channel(0), channel(1), channel(2));
        String body =
            "{\"name\":\"%d\",\"channels\":[%s],\"data\":\"%d\"}".formatted(publisher, channels, i);
        assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
      }
      return null;
    }
  }

  private static Void assertInOrder(RawSocket socket) throws IOException {
    Map<String, Integer> next = new HashMap<>();
    for (int i = 0; i < PUBLISHERS * EVENTS; i++) {
      String text = socket.nextTextContaining("\"data\"");
      Matcher event = EVENT.matcher(text);
      if (!event.find()) { // a count of subscribers
        i--;
        continue;
      }
      int expected = next.merge(event.group(1), 1, Integer::sum) - 1;
      assertThat(Integer.parseInt(event.group(2))).as(text).isEqualTo(expected);
    }
    return null;
  }
}
