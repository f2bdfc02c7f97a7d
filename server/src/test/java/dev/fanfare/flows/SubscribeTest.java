package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// A subscription from the first byte to the last event, as bytes.
final class SubscribeTest {

  @Test
  void aPublishedEventReachesItsSubscriber() throws IOException {
    try (TestNode node = TestNode.start();
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      socket.subscribe("news");
      assertThat(socket.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"news\","
                  + "\"data\":\"{}\"}");
      assertThat(socket.nextText()).contains("subscription_count");
      api.publish("news", "hello", "{\\\"a\\\":1}");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"hello\",\"channel\":\"news\",\"data\":\"{\\\"a\\\":1}\"}");
    }
  }
}
