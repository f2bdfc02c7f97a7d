package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Makes TLS handshakes and closes; on a port without TLS each fails with the first byte.
public final class TlsHandshakes implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openTls()) {
      socket.send("GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      socket.drain();
    }
  }
}
