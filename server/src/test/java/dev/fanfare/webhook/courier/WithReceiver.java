package dev.fanfare.webhook.courier;

import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Receiver;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A test of couriers that send to a real receiver, at first one that accepts everything.
abstract class WithReceiver {

  static final WebhookOptions OPTIONS = WebhookOptions.DEFAULTS;

  Receiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  Post post() {
    return new Post(OPTIONS, Post.app(receiver.url()));
  }

  static void eventually(Runnable assertion) {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion::run);
  }
}
