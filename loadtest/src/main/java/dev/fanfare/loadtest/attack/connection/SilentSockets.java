package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Sockets that never send a byte.
public final class SilentSockets implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openPlain()) {
      siege.tally().sent(0);
      socket.drain();
    }
  }
}
