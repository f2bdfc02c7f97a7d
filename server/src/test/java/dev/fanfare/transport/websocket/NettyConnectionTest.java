package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.testing.ConnectionsLog;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Remote;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NettyConnectionTest {

  private static NettyConnection connection(EmbeddedChannel socket, FaultyNode node) {
    return new NettyConnection(
        socket,
        node.context(),
        ServerOptions.DEFAULTS,
        "1.1",
        Remote.of(socket.remoteAddress()),
        traffic(node),
        false);
  }

  private static Traffic traffic(FaultyNode node) {
    return node.context().lane().tally().traffic(TestNode.APP.id());
  }

  private static FaultyNode node() {
    return new FaultyNode(new Fault(0), new Fault(0), ServerListener.NONE);
  }

  /// A closed socket is not writable, but its peer is no slow reader.
  @Test
  void aSocketThatHasJustClosedIsNoSlowReader() {
    try (FaultyNode node = node()) {
      EmbeddedChannel socket = new EmbeddedChannel();
      NettyConnection connection = connection(socket, node);
      socket.close().syncUninterruptibly();
      connection.send(new ServerMessage.Pong());
      assertThat(connection.isClosing()).isFalse();
      assertThat(traffic(node).get(Count.SLOW_READERS)).isZero();
    }
  }

  @Test
  void failedDeliveriesHaveALineBudget() {
    try (FaultyNode node = node();
        ConnectionsLog log = ConnectionsLog.open()) {
      for (int i = 0; i < 200; i++) {
        connection(new EmbeddedChannel(), node)
            .onDeliveryFailed(new IllegalStateException("on purpose"));
      }
      List<String> failures =
          log.lines().stream().filter(line -> line.contains("could not write an event")).toList();
      assertThat(failures).as("others may have used it up").hasSizeLessThan(60);
    }
  }
}
