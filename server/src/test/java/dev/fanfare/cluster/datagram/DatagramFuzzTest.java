package dev.fanfare.cluster.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.Mesh;
import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.cluster.MeshPorts;
import java.util.ArrayList;
import java.util.List;

/// Any bytes are a datagram or are rejected, and a node that has received them goes on.
final class DatagramFuzzTest {

  private static final long LIFE = 42;
  private static final long STRANGER = 43;
  private static final long FRIEND = 44;
  private static final int MAX_PEERS = 256;

  /// @param input a kind and what follows the header of such a datagram
  @FuzzTest
  void anyDatagramIsAppliedOrRejected(byte[] input) {
    DatagramCodec reader = new DatagramCodec("fuzz", LIFE, Seal.checksum());
    assertThat(reader.read(input)).isNotNull();
    if (input.length == 0) {
      return;
    }
    DatagramCodec stranger = new DatagramCodec("fuzz", STRANGER, Seal.checksum());
    ByteWriter out = stranger.begin(input[0] & 0x7f, input.length);
    out.bytes(input, 1, input.length - 1);
    byte[] datagram = stranger.finish(out);

    List<BusMessage> received = new ArrayList<>();
    MeshOptions options = MeshOptions.defaults("fuzz", "node", "1");
    List<byte[]> sent = new ArrayList<>();
    Mesh mesh =
        new Mesh(
            options,
            LIFE,
            MeshPorts.of((_, bytes) -> sent.add(bytes), (_, message, _) -> received.add(message)),
            0);
    long nowNs = 0;
    for (int i = 0; i < 3; i++) {
      nowNs += Mesh.TICK_NS;
      mesh.received(datagram, nowNs);
      mesh.tick(nowNs);
      mesh.flush(nowNs);
    }
    int peers = mesh.state(nowNs).peers().size();
    assertThat(peers).isLessThanOrEqualTo(MAX_PEERS);
    if (peers == MAX_PEERS) {
      return; // The datagram has named so many that there is no place for a friend.
    }

    DatagramCodec friend = new DatagramCodec("fuzz", FRIEND, Seal.checksum());
    DataPacket packet = friend.packet();
    for (Item item :
        List.of(
            Item.begin(0),
            Item.mark(ItemType.END),
            Item.of(new BusMessage.Online("1", "friend"), 0))) {
      assertThat(packet.add(item, 0)).isTrue();
    }
    mesh.received(
        packet.finish(1, 0, new Datagram.Ack(0, 0, true, false), List.of(), false), nowNs);
    assertThat(received).contains(new BusMessage.Online("1", "friend"));
  }
}
