package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.rest.data.Validity;
import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The official server SDK for Java verifies webhooks.
final class WebhookSdkTest {

  @Test
  void everyRequestIsValidAndForgeriesAreNot() throws IOException {
    try (Receiver receiver = new Receiver()) {
      WebhookEndpoint endpoint =
          WebhookEndpoint.at(receiver.url()).withEvents(Set.of(WebhookEvent.Type.CLIENT_EVENT));
      App app = TestNode.APP.withWebhooks(List.of(endpoint));
      try (TestNode node = TestNode.start(app);
          Backend backend = new Backend(node);
          RawSocket socket = node.connect()) {
        socket.subscribePrivate(app, "private-a");
        socket.trigger("private-a", "client-e", "\"grüße ✓ 😀 \\\" \\\\ \\/ \\u2028\"");
        Taken request = receiver.next();
        assertThat(validity(backend, request, request.body())).isEqualTo(Validity.VALID);
        String forged = request.body().replace("private-a", "private-b");
        assertThat(validity(backend, request, forged)).isEqualTo(Validity.INVALID);
      }
    }
  }

  private static Validity validity(Backend backend, Taken request, String body) {
    return backend
        .sdk()
        .validateWebhookSignature(
            request.header("X-Pusher-Key"), request.header("X-Pusher-Signature"), body);
  }
}
