package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.connection.ConnectionState;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The Java clients lose their connection, reconnect by themselves and get what they missed. Their
/// app adds a name to its key and does nothing else.
@BothJavaClients
@Tag("one-node")
final class ResumeClientTest {

  private static final App APP = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));

  @Test
  void aClientThatLostItsConnectionGetsWhatItMissed() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Relay relay = new Relay(node.port());
        Device device =
            new Device(APP.key() + "/phone~1", Device.options(relay.port())).connect()) {
      ChannelLog log = device.subscribed("feed-car", "moved");
      backend.publish("feed-car", "moved", "to the river");
      assertThat(log.next()).isEqualTo("moved: \"to the river\"");
      relay.reset();
      backend.publish("feed-car", "moved", "to the sea");
      backend.publish("feed-car", "moved", "to the hills");
      device.connection().await(ConnectionState.CONNECTED);
      // What was not confirmed before the loss comes again, so the first one may.
      log.skipTo("moved: \"to the sea\"");
      assertThat(log.next()).isEqualTo("moved: \"to the hills\"");
      backend.publish("feed-car", "moved", "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }
}
