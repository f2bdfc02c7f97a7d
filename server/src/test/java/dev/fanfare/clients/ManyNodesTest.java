package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients of two nodes of one cluster notice no difference from one server.
@BothJavaClients
@Tag("one-node")
final class ManyNodesTest {

  private static final String ROOM = "presence-room";

  @Test
  void anEventPublishedOnOneNodeReachesClientsOfTheOther() throws IOException {
    try (TestCluster cluster = TestCluster.start(2, TestNode.APP);
        Backend backend = new Backend(cluster.node(1));
        Device anna = Device.connected(cluster.node(0));
        Device ben = Device.connected(cluster.node(1))) {
      ChannelLog annas = anna.subscribed("news", "headline");
      ChannelLog bens = ben.subscribed("news", "headline");
      for (int i = 0; i < 10; i++) {
        backend.publish("news", "headline", i);
        assertThat(annas.next()).isEqualTo("headline: " + i);
        assertThat(bens.next()).isEqualTo("headline: " + i);
      }
    }
  }

  @Test
  void membersOfBothNodesSeeEachOther() throws IOException {
    try (TestCluster cluster = TestCluster.start(2, TestNode.APP);
        Backend backend = new Backend(cluster.node(1));
        Device anna = Device.connected(cluster.node(0), backend, "anna");
        Device ben = Device.connected(cluster.node(1), backend, "ben")) {
      ChannelLog annas = anna.subscribed(ROOM);
      ChannelLog bens = ben.subscribed(ROOM);
      assertThat(annas.next()).isEqualTo("joined ben");
      anna.pusher().unsubscribe(ROOM);
      bens.skipTo("left anna");
      ChannelLog annasNext = anna.subscribed(ROOM);
      bens.skipTo("joined anna");
      ben.disconnect();
      annasNext.skipTo("left ben");
    }
  }
}
