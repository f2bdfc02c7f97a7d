package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;

/// Subscribes one connection to 150,000 channels with long names.
public final class SubscriptionFlood implements Attack {

  private static final int CHANNELS = 150_000;
  private static final int BATCH = 50;
  private static final int PADDING = 150;
  private static final long HOLD_NS = 2_000_000_000L;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    SignedRequests signer = siege.signer();
    String padding = "-".repeat(PADDING);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      for (int i = 0; i < CHANNELS && !siege.isOver(); i += BATCH) {
        AttackSocket.Batch batch = new AttackSocket.Batch();
        for (int j = i; j < i + BATCH; j++) {
          String channel = "flood-" + attacker + padding + j;
          batch.add(socket.subscribe(Subscription.to(channel), signer));
        }
        socket.send(batch);
      }
      siege.pause(HOLD_NS);
    }
  }
}
