package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;

/// Asks for private channels without a signature and never reads the refusals.
public final class UnreadRefusals implements Attack {

  private static final int RECEIVE_BUFFER = 4_096;
  private static final int BATCH = 32;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    AttackSocket.Batch batch =
        AttackSocket.Batch.of(
            ClientFrames.text(
                "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-%s\",\"auth\":\"x:y\"}}"
                    .formatted("x".repeat(150))),
            BATCH);
    try (AttackSocket socket = siege.open(RECEIVE_BUFFER)) {
      socket.upgrade();
      while (!siege.isOver()) {
        socket.send(batch);
      }
    }
  }
}
