package dev.fanfare.loadtest.attack;

import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;

/// Connects, becomes a WebSocket and closes, as fast as it can.
final class ConnectStorm implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.send(ClientFrames.close());
    }
  }
}
