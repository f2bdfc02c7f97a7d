package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.RestartingServer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java clients get every event once although the server, which keeps events in memory, is shut
/// down with SIGTERM and started again.
@BothJavaClients
@Tag("one-node")
final class RestartClientTest {

  private static final App APP = TestNode.APP;
  private static final int RESTARTS = 2;

  @Test
  void aClientWithATagGetsEveryEventOnce(@TempDir Path folder) throws IOException {
    try (RestartingServer server = new RestartingServer(folder);
        Device device =
            new Device(APP.key() + "/phone~1", Device.options(server.port())).connect()) {
      ChannelLog log = device.subscribed("feed-car", "moved");
      for (int i = 1; i <= RESTARTS; i++) {
        publish(server, "confirmed by the close frame");
        assertThat(log.next()).isEqualTo("moved: \"confirmed by the close frame\"");
        server.restart();
        publish(server, "after restart " + i);
        assertThat(log.next()).isEqualTo("subscribed");
        assertThat(log.next()).isEqualTo("moved: \"after restart " + i + "\"");
      }
      publish(server, "home");
      assertThat(log.next()).isEqualTo("moved: \"home\"");
    }
  }

  /// Over a new connection: the SDK keeps one, and may not know yet that a restart has closed it.
  private static void publish(RestartingServer server, String data) throws IOException {
    try (Backend backend = new Backend(server.port(), APP)) {
      backend.publish("feed-car", "moved", data);
    }
  }
}
