package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;

/// Half of the attackers stay in one channel and read; the others join and leave it without pause.
public final class Flapping implements Attack {

  private static final int BATCH = 20;
  private static final int MAX_USERS = 100;

  private final String channel;

  private Flapping(String channel) {
    this.channel = channel;
  }

  /// Those that stay are notified of each member that joins or leaves.
  public static Attack presence() {
    return new Flapping("presence-attack-flapping");
  }

  /// Those that stay are notified of each new count, if the app has `subscription_counts`.
  public static Attack counts() {
    return new Flapping("attack-counted");
  }

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    SignedRequests signer = siege.signer();
    Subscription subscription =
        channel.startsWith("presence-")
            ? Subscription.as(channel, "user-" + attacker % MAX_USERS)
            : Subscription.to(channel);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      if (attacker % 2 == 0) {
        socket.send(socket.subscribe(subscription, signer));
        socket.drain();
      }
      socket.drainInBackground();
      while (!siege.isOver()) {
        AttackSocket.Batch batch = new AttackSocket.Batch();
        for (int i = 0; i < BATCH; i++) {
          batch.add(socket.subscribe(subscription, signer));
          batch.add(AttackSocket.unsubscribe(channel));
        }
        socket.send(batch);
      }
    }
  }
}
