package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.KillableNodes;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The node of the Java clients is killed, and they reconnect by themselves to the other one, which
/// shares a real Redis with it. They get what they missed, once and in order.
@BothJavaClients
@Tag("one-node")
final class KilledNodeTest {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void aClientGetsWhatItMissedFromTheOtherNode(@TempDir Path folder) throws IOException {
    try (KillableNodes nodes = new KillableNodes(folder);
        Api other = new Api(nodes.otherPort(), APP);
        Device device =
            new Device(APP.key() + "/phone~1", Device.options(nodes.port())).connect()) {
      ChannelLog log = device.subscribed("feed-car", "e");
      String id = KeptEvents.publish(other, "feed-car", "to the river", "");
      assertThat(log.next()).isEqualTo("e: to the river");
      nodes.kill(id);
      KeptEvents.publish(other, "feed-car", "to the sea", "");
      KeptEvents.publish(other, "feed-car", "to the hills", "");
      nodes.move();
      assertThat(log.next(PATIENCE)).isEqualTo("subscribed");
      assertThat(log.next()).isEqualTo("e: to the sea");
      assertThat(log.next()).isEqualTo("e: to the hills");
      KeptEvents.publish(other, "feed-car", "home", "");
      assertThat(log.next()).isEqualTo("e: home");
    }
  }
}
