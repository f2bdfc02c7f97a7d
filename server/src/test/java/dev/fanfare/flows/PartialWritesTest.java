package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A client with a tiny receive buffer, which reads later than is published: the kernel accepts
/// parts of events.
@Tag("one-node")
final class PartialWritesTest {

  private static final int ROUNDS = 3;
  private static final int EVENTS = 20;
  private static final int MAX_LENGTH = 10_000;

  @Test
  void eventsThatAreAcceptedInPartsArriveWholeAndInOrder() throws IOException {
    Random random = new Random(17);
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        Socket tiny = new Socket()) {
      tiny.setReceiveBufferSize(2_048);
      tiny.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      RawSocket client = new RawSocket(tiny).establish(node.app().key());
      client.subscribe("parts");
      client.nextTextContaining("subscription_succeeded");
      for (int round = 0; round < ROUNDS; round++) {
        List<String> published = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
          String data = i + "-" + "x".repeat(random.nextInt(MAX_LENGTH));
          api.publish("parts", "e", data);
          published.add("{\"event\":\"e\",\"channel\":\"parts\",\"data\":\"" + data + "\"}");
        }
        for (String event : published) {
          assertThat(client.nextTextContaining("\"event\":\"e\"")).isEqualTo(event);
        }
      }
      client.close();
    }
  }
}
