package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.UpgradeReply;
import java.io.IOException;
import java.util.Arrays;

/// Sends half a handshake, or all of it, and resets the connection.
public final class AbortedHandshakes implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] handshake =
        UpgradeReply.request(siege.target().authority(), siege.target().key(), false);
    try (AttackSocket socket = siege.open()) {
      socket.send(attacker % 2 == 0 ? handshake : Arrays.copyOf(handshake, handshake.length / 2));
      socket.reset();
    }
  }
}
