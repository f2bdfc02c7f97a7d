package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Apps are changed at random, as fast as possible, while clients publish, subscribe and reconnect.
/// One app stays, with changing options: its connections lose no event and its counts are correct.
/// Other apps are added and removed.
@Tag("one-node")
final class ReloadStormTest {

  private static final int EVENTS = 300;
  private static final int SUBSCRIBERS = 6;
  private static final App STAYS = TestNode.APP;

  private final Random random = new Random(5);
  private final AtomicBoolean isOver = new AtomicBoolean();

  @Test
  void noEventIsLostAndCountsAreCorrect() throws Exception {
    try (ErrorLog errors = ErrorLog.open();
        TestNode node = TestNode.start(STAYS)) {
      List<Witness> witnesses = new ArrayList<>();
      for (int i = 0; i < SUBSCRIBERS; i++) {
        RawSocket socket = RawSocket.established(node.port(), STAYS.key());
        socket.subscribe("storm");
        socket.nextTextContaining("subscription_succeeded");
        witnesses.add(Witness.of(socket, "first", "last"));
      }
      CompletableFuture<Void> reloads = CompletableFuture.runAsync(() -> reload(node));
      CompletableFuture<Void> guests = CompletableFuture.runAsync(() -> connectAndDisconnect(node));
      publish(node);
      for (Witness witness : witnesses) {
        assertThat(witness.seen().get().stream().filter(text -> text.contains("\"tick\"")))
            .as("events that every subscriber received")
            .hasSize(EVENTS)
            .isSorted();
      }
      isOver.set(true);
      reloads.get();
      guests.get();
      assertThat(node.server().connections(STAYS)).isEqualTo(SUBSCRIBERS);
      try (Api api = new Api(node.port(), STAYS)) {
        assertThat(api.get("/channels/storm", "info=subscription_count").body())
            .contains("\"subscription_count\":" + SUBSCRIBERS);
      }
      node.server().reload(List.of(Apps.another("9", AppOptions.DEFAULTS)));
      await().until(() -> node.server().connections(STAYS) == 0);
      for (Witness witness : witnesses) {
        witness.close();
      }
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void publish(TestNode node) throws IOException {
    try (Api api = new Api(node.port(), STAYS)) {
      api.publish("storm", "first", "");
      for (int i = 0; i < EVENTS; i++) {
        api.publish("storm", "tick", "%05d".formatted(i));
      }
      api.publish("storm", "last", "");
    }
  }

  private void reload(TestNode node) {
    while (!isOver.get()) {
      List<App> apps = new ArrayList<>();
      apps.add(
          STAYS
              .withPreviousSecret(new Secret("previous" + random.nextInt()))
              .withOptions(
                  STAYS
                      .options()
                      .withSubscriptionCounts(random.nextBoolean())
                      .withReplayProtection(random.nextBoolean()))
              .withLimits(STAYS.limits().withMaxSubscriptions(random.nextInt(5, 50))));
      for (String id : List.of("2", "3")) {
        if (random.nextInt(3) > 0) {
          apps.add(Apps.another(id, AppOptions.DEFAULTS.withEnabled(random.nextInt(4) > 0)));
        }
      }
      node.server().reload(apps);
    }
    node.server().reload(List.of(STAYS));
  }

  /// Connects to the apps that are added and removed, and subscribes where possible.
  private void connectAndDisconnect(TestNode node) {
    int connection = 0;
    while (!isOver.get()) {
      String key = "key" + (2 + connection++ % 2);
      try (RawSocket socket = RawSocket.upgraded(node.port(), "/app/" + key + "?protocol=7")) {
        if (socket.nextText().contains("connection_established")) {
          socket.subscribe("storm");
          assertThat(socket.nextText()).containsAnyOf("subscription_succeeded", "4001", "4003");
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
