package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Channels that replay their last events to new subscribers, with the Java clients.
@BothJavaClients
@Tag("one-node")
final class RewindTest {

  private static final App APP =
      TestNode.APP.withHistory(
          List.of(
              HistoryRule.DEFAULTS
                  .withReplay(HistoryRule.Replay.REWIND)
                  .withChannels(ChannelFilter.ALL.withPrefix("feed-"))
                  .withRewindEvents(2),
              HistoryRule.DEFAULTS
                  .withReplay(HistoryRule.Replay.REWIND)
                  .withChannels(ChannelFilter.ALL.withPrefix("private-"))));

  @Test
  void aLaterSubscriberGetsTheLastEventsAndThenLiveOnes() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      backend.publish("feed-car", "moved", "to the river");
      backend.publish("feed-car", "moved", "to the sea");
      backend.publish("feed-car", "moved", "to the hills");
      ChannelLog log = device.subscribed("feed-car", "moved");
      assertThat(log.next()).isEqualTo("moved: \"to the sea\"");
      assertThat(log.next()).isEqualTo("moved: \"to the hills\"");
      backend.publish("feed-car", "moved", "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }

  @Test
  void aUserWhoWasAwayGetsWhatWasMissed() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node)) {
      backend.publish("private-user-anna", "notice", "one");
      backend.publish("private-user-anna", "notice", "two");
      try (Device device = Device.connected(node, backend, "anna")) {
        ChannelLog log = device.subscribed("private-user-anna", "notice");
        assertThat(log.next()).isEqualTo("notice: \"one\"");
        assertThat(log.next()).isEqualTo("notice: \"two\"");
      }
    }
  }
}
