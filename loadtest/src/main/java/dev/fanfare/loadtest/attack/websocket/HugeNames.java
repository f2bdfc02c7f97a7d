package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;

/// Subscribes with a channel name, or with signed member data, of 100 kB.
public final class HugeNames implements Attack {

  private static final int SIZE = 100_000;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    Subscription huge =
        attacker % 2 == 0
            ? Subscription.to("x".repeat(SIZE))
            : Subscription.as("presence-attack-huge", "u".repeat(SIZE));
    SignedRequests signer = siege.signer();
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      byte[] message = socket.subscribe(huge, signer);
      while (!siege.isOver()) {
        socket.send(message);
      }
    }
  }
}
