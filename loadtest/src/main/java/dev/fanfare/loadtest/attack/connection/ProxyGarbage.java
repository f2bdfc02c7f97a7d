package dev.fanfare.loadtest.attack.connection;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Begins with broken PROXY protocol headers, versions 1 and 2.
public final class ProxyGarbage implements Attack {

  private static final byte[] VERSION_2 = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11
  };
  private static final List<String> VERSION_1 =
      List.of(
          "PROXY TCP4 999.1.1.1 1.1.1.1 1 1\r\n",
          "PROXY TCP6 ::1 ::1 99999 1\r\n",
          "PROXY " + "x".repeat(200),
          "PROXY UNKNOWN\r\n\u0000\r\n\r\n");
  private static final int MAX_BYTES = 300;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    RandomGenerator random = ThreadLocalRandom.current();
    try (AttackSocket socket = siege.openPlain()) {
      if (attacker % 2 == 0) {
        socket.send(VERSION_1.get(random.nextInt(VERSION_1.size())));
      } else {
        byte[] rest = new byte[random.nextInt(2, MAX_BYTES)];
        random.nextBytes(rest);
        socket.send(VERSION_2);
        socket.send(rest);
      }
      socket.send("GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      socket.drain();
    }
  }
}
