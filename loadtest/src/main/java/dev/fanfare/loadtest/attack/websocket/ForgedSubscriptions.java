package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;

/// Subscribes to private channels with wrong signatures, and reads the refusals.
public final class ForgedSubscriptions implements Attack {

  private static final int BATCH = 20;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    AttackSocket.Batch batch =
        AttackSocket.Batch.of(
            ClientFrames.text(
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-forged\",\"auth\":\"%s:%s\"}}"
                    .formatted(siege.target().key(), "0123456789abcdef".repeat(4))),
            BATCH);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      while (!siege.isOver()) {
        socket.send(batch);
      }
    }
  }
}
