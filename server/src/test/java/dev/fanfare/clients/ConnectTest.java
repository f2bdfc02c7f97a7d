package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.ALL;
import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static com.pusher.client.connection.ConnectionState.CONNECTING;
import static com.pusher.client.connection.ConnectionState.DISCONNECTED;
import static com.pusher.client.connection.ConnectionState.DISCONNECTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The first and the last second of a connection, as the Java client sees them.
@BothJavaClients
final class ConnectTest {

  @Test
  void theHandshakeCarriesTheVersionOfTheTestedClient(String version) throws IOException {
    try (TestNode node = TestNode.start();
        Wire wire = new Wire(node.port());
        Device _ = new Device(node.app().key(), Device.options(wire.port())).connect()) {
      assertThat(wire.handshakes().next())
          .startsWith("GET /app/" + node.app().key() + "?")
          .contains("client=java-client", "protocol=5", "version=" + version);
      assertThat(PusherOptions.LIB_VERSION).isEqualTo(version);
      assertThat(Pusher.class.getProtectionDomain().getCodeSource().getLocation().toString())
          .endsWith("/pusher-java-client-" + version + ".jar");
    }
  }

  @Test
  void aClientConnectsAndLearnsItsSocketId() {
    try (TestNode node = TestNode.start();
        Device device = new Device(node.app().key(), Device.options(node.port()))) {
      device.pusher().connect(device.connection(), ALL);
      assertThat(device.connection().nextState()).isEqualTo(CONNECTING);
      assertThat(device.connection().nextState()).isEqualTo(CONNECTED);
      assertThat(device.socketId()).matches("\\d+\\.\\d+");
    }
  }

  @Test
  void aClientThatReconnectsIsANewSocket() {
    try (TestNode node = TestNode.start();
        Device device = Device.connected(node)) {
      String before = device.socketId();
      device.pusher().disconnect();
      assertThat(device.connection().nextState()).isEqualTo(DISCONNECTING);
      assertThat(device.connection().nextState()).isEqualTo(DISCONNECTED);
      device.connect();
      assertThat(device.socketId()).isNotEqualTo(before);
    }
  }

  @Test
  void anUnknownKeyIsReportedToTheAppAndNotRetried() throws IOException {
    try (TestNode node = TestNode.start();
        Wire wire = new Wire(node.port());
        Device device = new Device("unknown-key", Device.options(wire.port()))) {
      device.pusher().connect(device.connection(), ALL);
      device
          .connection()
          .awaitError(
              "4001 App key unknown-key not in this cluster. Did you forget to specify the"
                  + " cluster?");
      assertThat(device.connection().nextState()).isEqualTo(CONNECTING);
      assertThat(device.connection().nextState()).isEqualTo(DISCONNECTING);
      assertThat(device.connection().nextState()).isEqualTo(DISCONNECTED);
      assertThat(wire.handshakes().count()).isEqualTo(1);
    }
  }

  @Test
  @Tag("one-node")
  void aClientAboveTheLimitOfItsAddressGetsTheReasonAndReconnects() throws IOException {
    ServerOptions one = TestNode.options(0).withMaxConnectionsPerAddress(1);
    try (TestNode node =
            TestNode.start(one, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, TestNode.APP);
        Device device = new Device(node.app().key(), Device.options(node.port()))) {
      try (RawSocket _ = node.connect()) {
        device.pusher().connect(device.connection(), ALL);
        device
            .connection()
            .awaitError(
                "4100 127.0.0.1 has 1 connections, the limit (max_connections_per_address)");
      }
      device.connection().await(CONNECTED);
    }
  }

  @Test
  @Tag("one-node")
  void aClientAboveTheHandshakeRateOfItsAddressReconnects() throws IOException {
    ServerOptions one = TestNode.options(0).withMaxHandshakesPerSecondPerAddress(1);
    ManualClock clock = new ManualClock();
    try (TestNode node =
            TestNode.start(one, clock.withSystemTime(), ServerListener.NONE, TestNode.APP);
        Wire wire = new Wire(node.port());
        Device device = new Device(node.app().key(), Device.options(wire.port()));
        RawSocket _ = node.connect()) {
      device.pusher().connect(device.connection(), ALL);
      wire.handshakes().next();
      wire.handshakes().next(); // so the first was refused
      clock.advance(Duration.ofSeconds(1));
      device.connection().await(CONNECTED);
    }
  }
}
