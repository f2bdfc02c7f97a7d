package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A client that stops reading, of an app that lets it miss events: of channels that a rule covers
/// it misses none, or is notified of the gap, and what is counted about that.
final class SlowReplayTest {

  private static final int MAX_EVENTS = 4_000;
  private static final String DATA = "x".repeat(10_000);
  private static final Pattern EVENT =
      Pattern.compile("\\{\"event\":\"e([0-9]+)\",\"channel\":\"feed\".*\"id\":\"([0-9-]+)\"\\}");
  private static final Pattern GAP =
      Pattern.compile(
          "\\{\"event\":\"fanfare:gap\",\"channel\":\"feed\",\"data\":\"\\{\\\\\"reason\\\\\":"
              + "\\\\\"expired\\\\\",\\\\\"after\\\\\":\\\\\"([0-9-]+)\\\\\",\\\\\"oldest\\\\\":"
              + "\\\\\"([0-9-]+)\\\\\"\\}\"\\}");

  private static App app(int keepEvents) {
    return TestNode.APP
        .withOptions(TestNode.APP.options().withSlowReaders(SlowReaders.DROP))
        .withHistory(
            List.of(HistoryRule.DEFAULTS.withKeepEvents(keepEvents).withKeepBytes(100_000_000)));
  }

  private static double value(TestNode node, String name) throws IOException {
    return Scrape.of(node).value("fanfare_" + name);
  }

  private static double replays(TestNode node) throws IOException {
    return value(node, "slow_readers_replays_total{app=\"1234\"}");
  }

  /// Publishes until the client has so much to read that nothing more can be written, and then
  /// `more` events.
  ///
  /// @return how many were published
  private static int starve(TestNode node, Api api, int more) throws IOException {
    int sent = 0;
    while (replays(node) == 0) {
      assertThat(sent).isLessThan(MAX_EVENTS);
      for (int i = 0; i < 20; i++) {
        api.publish("feed", "e" + sent++, DATA);
      }
    }
    for (int i = 0; i < more; i++) {
      api.publish("feed", "e" + sent++, DATA);
    }
    return sent;
  }

  @Test
  void itGetsEverythingOnceItReads() throws IOException {
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS, app(100_000));
        Api api = new Api(node);
        RawSocket slow = node.connect()) {
      slow.subscribe("feed");
      slow.nextTextContaining("subscription_succeeded");
      int sent = starve(node, api, 100);
      for (int i = 0; i < sent; i++) {
        assertThat(number(slow.nextTextContaining("\"event\":\"e"))).isEqualTo(i);
      }
      api.publish("feed", "e" + sent, DATA);
      assertThat(number(slow.nextTextContaining("\"event\":\"e"))).isEqualTo(sent);
      assertThat(value(node, "slow_readers_gaps_total{app=\"1234\"}")).isZero();
      assertThat(value(node, "events_dropped_total{app=\"1234\",reason=\"slow_reader\"}")).isZero();
      assertThat(value(node, "slow_readers_disconnected_total{app=\"1234\"}")).isZero();
    }
  }

  @Test
  void itIsNotifiedOfWhatIsNoLongerKeptAndGoesOn() throws IOException {
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS, app(10));
        Api api = new Api(node);
        RawSocket slow = node.connect()) {
      slow.subscribe("feed");
      slow.nextTextContaining("subscription_succeeded");
      int sent = starve(node, api, 100);
      String text = "";
      int next = 0;
      String last = "";
      while (!text.contains("fanfare:gap")) {
        text = slow.nextText();
        Matcher event = EVENT.matcher(text);
        if (event.matches()) {
          assertThat(Integer.parseInt(event.group(1))).isEqualTo(next++);
          last = event.group(2);
        }
      }
      Matcher gap = GAP.matcher(text);
      assertThat(gap.matches()).as(text).isTrue();
      assertThat(gap.group(1)).isEqualTo(last);
      Matcher first = EVENT.matcher(slow.nextTextContaining("\"event\":\"e"));
      assertThat(first.matches()).isTrue();
      assertThat(first.group(2)).isEqualTo(gap.group(2));
      assertThat(first.group(1)).isEqualTo(Integer.toString(sent - 10));
      for (int i = sent - 9; i < sent; i++) {
        assertThat(number(slow.nextTextContaining("\"event\":\"e"))).isEqualTo(i);
      }
      api.publish("feed", "e" + sent, DATA);
      assertThat(number(slow.nextTextContaining("\"event\":\"e"))).isEqualTo(sent);
      await()
          .untilAsserted(
              () -> assertThat(value(node, "slow_readers_gaps_total{app=\"1234\"}")).isEqualTo(1));
      assertThat(value(node, "slow_readers_disconnected_total{app=\"1234\"}")).isZero();
    }
  }

  private static int number(String text) {
    Matcher event = EVENT.matcher(text);
    assertThat(event.matches()).as(text.substring(0, Math.min(100, text.length()))).isTrue();
    return Integer.parseInt(event.group(1));
  }
}
