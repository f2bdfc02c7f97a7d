package dev.fanfare.loadtest.attack;

import java.io.IOException;

/// Sockets that never send a byte.
final class SilentSockets implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openPlain()) {
      siege.tally().sent(0);
      socket.drain();
    }
  }
}
