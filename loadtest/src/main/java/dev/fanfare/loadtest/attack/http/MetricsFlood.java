package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;

/// Attacks the metrics port: silent sockets, half requests, and scrapes that are never read.
public final class MetricsFlood implements Attack {

  private static final int BATCH = 10;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    try (AttackSocket socket = siege.openMetrics()) {
      switch (attacker % 3) {
        case 0 -> socket.drain();
        case 1 -> {
          socket.send("GET /metrics HTTP/1.1\r\nHost: x\r\n");
          socket.drain();
        }
        default -> {
          while (!siege.isOver()) {
            socket.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(BATCH));
          }
        }
      }
    }
  }
}
