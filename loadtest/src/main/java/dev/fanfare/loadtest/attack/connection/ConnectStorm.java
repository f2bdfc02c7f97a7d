package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;

/// Connects, becomes a WebSocket and closes, as fast as it can.
public final class ConnectStorm implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.send(ClientFrames.close());
    }
  }
}
