package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Collision;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;
import java.util.function.IntFunction;

/// Subscribes and unsubscribes in a loop, as one of many or with names that never repeat.
public final class SubscribeLoop implements Attack {

  private static final int BATCH = 50;

  private final IntFunction<Subscription> names;
  private final int distinct;

  /// @param names the channel of the n-th subscription
  /// @param distinct after how many it begins again
  private SubscribeLoop(IntFunction<Subscription> names, int distinct) {
    this.names = names;
    this.distinct = distinct;
  }

  /// The same channel each time.
  public static Attack sameChannel() {
    return new SubscribeLoop(_ -> Subscription.to("attack-loop"), 1);
  }

  /// 20,000 channels, which exist for a moment each.
  public static Attack freshChannels() {
    return new SubscribeLoop(number -> Subscription.to("attack-fresh-" + number), 20_000);
  }

  /// 32,768 channels whose names have the same `String.hashCode`.
  public static Attack collidingNames() {
    return new SubscribeLoop(
        number -> Subscription.to(Collision.text("attack-", number)), Collision.COUNT);
  }

  /// One presence channel, as 32,768 users whose ids have the same `String.hashCode`.
  public static Attack collidingUsers() {
    return new SubscribeLoop(
        number -> Subscription.as("presence-attack-collide", Collision.text("u", number)),
        Collision.COUNT);
  }

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    SignedRequests signer = siege.signer();
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      // Attackers begin at different names, so that many exist at a time.
      int number = (int) (attacker * 1_009L % distinct);
      while (!siege.isOver()) {
        AttackSocket.Batch batch = new AttackSocket.Batch();
        for (int i = 0; i < BATCH; i++) {
          Subscription next = names.apply(number);
          number = (number + 1) % distinct;
          batch.add(socket.subscribe(next, signer));
          batch.add(AttackSocket.unsubscribe(next.channel()));
        }
        socket.send(batch);
      }
    }
  }
}
