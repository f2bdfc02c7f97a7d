package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Sends the first half of a TLS ClientHello and waits.
public final class HalfTlsHello implements Attack {

  /// A handshake record of 512 bytes that contains a ClientHello, as far as its random number.
  private static final byte[] START = {
    0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xFC, 0x03, 0x03
  };

  private static final int RANDOM = 32;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openPlain()) {
      socket.send(START);
      socket.send(new byte[RANDOM]);
      socket.drain();
    }
  }
}
