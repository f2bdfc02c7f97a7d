package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Starts a request and adds a header every second, without end ("slowloris").
public final class HalfHeads implements Attack {

  private static final long INTERVAL_NS = 1_000_000_000L;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.open()) {
      socket.drainInBackground();
      socket.send("GET /app/%s?protocol=7 HTTP/1.1\r\nHost: x\r\n".formatted(siege.target().key()));
      while (!siege.isOver()) {
        siege.pause(INTERVAL_NS);
        socket.send("X-More: and more\r\n");
      }
    }
  }
}
