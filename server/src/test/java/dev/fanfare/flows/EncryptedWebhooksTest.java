package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A receiver that fails where the official SDKs for PHP (7.2.6) and Go (5.1.1) throw: at every
/// event of an encrypted channel, since none of them has a ciphertext to decrypt.
final class EncryptedWebhooksTest {

  private static final WebhookOptions AT_ONCE = WebhookOptions.DEFAULTS.withHoldBackSeconds(0);
  private static final int ROUNDS = 15;

  @Test
  void allOtherWebhooksKeepArrivingInOrder() throws IOException {
    try (Receiver receiver = new Receiver().failLikeSdks()) {
      WebhookEndpoint endpoint =
          WebhookEndpoint.at(receiver.url())
              .withEvents(
                  Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED, WebhookEvent.Type.CHANNEL_VACATED));
      App app = TestNode.APP.withWebhooks(List.of(endpoint));
      List<String> expected = new ArrayList<>();
      try (TestNode node = TestNode.start(AT_ONCE, app);
          RawSocket socket = node.connect()) {
        List<Taken> requests = new ArrayList<>();
        // Of several nodes that have just started, none reports what comes and goes at once.
        socket.subscribe("first");
        expected.add("channel_occupied first");
        awaitAccepted(receiver, requests, expected);
        for (int i = 0; i < ROUNDS; i++) {
          socket.subscribePrivate(app, "private-encrypted-" + i % 3);
          socket.subscribe("news");
          socket.unsubscribe("private-encrypted-" + i % 3);
          socket.unsubscribe("news");
          expected.add("channel_occupied news");
          expected.add("channel_vacated news");
        }
        awaitAccepted(receiver, requests, expected);
        assertThat(requests)
            .filteredOn(request -> request.manner() == Manner.FAILS)
            .isNotEmpty()
            .allSatisfy(request ->
                assertThat(request.events())
                    .allMatch(event -> event.contains(" private-encrypted-")));
      }
    }
  }

  private static void awaitAccepted(
      Receiver receiver, List<Taken> requests, List<String> expected) {
    await()
        .untilAsserted(() -> {
          requests.addAll(receiver.all());
          assertThat(accepted(requests)).isEqualTo(expected);
        });
  }

  private static List<String> accepted(List<Taken> requests) {
    return requests.stream()
        .filter(request -> request.manner() == Manner.TAKES)
        .flatMap(request -> request.events().stream())
        .toList();
  }
}
