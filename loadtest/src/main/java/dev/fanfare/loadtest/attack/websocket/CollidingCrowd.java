package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Collision;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;

/// Holds as many subscriptions as it gets, to channels whose names have the same `String.hashCode`.
public final class CollidingCrowd implements Attack {

  private static final int BATCH = 50;
  private static final int PER_SOCKET = 1_000;
  private static final long HOLD_NS = 2_000_000_000L;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    SignedRequests signer = siege.signer();
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      for (int i = 0; i < PER_SOCKET; i += BATCH) {
        AttackSocket.Batch batch = new AttackSocket.Batch();
        for (int j = i; j < i + BATCH; j++) {
          int number = (attacker * PER_SOCKET + j) % Collision.COUNT;
          batch.add(socket.subscribe(Subscription.to(Collision.text("held-", number)), signer));
        }
        socket.send(batch);
      }
      siege.pause(HOLD_NS);
    }
  }
}
