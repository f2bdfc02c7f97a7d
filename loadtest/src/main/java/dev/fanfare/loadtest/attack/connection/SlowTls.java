package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Sends a TLS ClientHello byte by byte.
public final class SlowTls implements Attack {

  private static final int RECORD = 517;
  private static final long INTERVAL_NS = 100_000_000L;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openPlain()) {
      socket.drainInBackground();
      socket.send(
          new byte[] {0x16, 0x03, 0x01, RECORD >> 8, (byte) RECORD, 0x01, 0x00, 0x02, 0x01});
      for (int i = 4; i < RECORD && !siege.isOver(); i++) {
        siege.pause(INTERVAL_NS);
        socket.send(new byte[] {3});
      }
    }
  }
}
