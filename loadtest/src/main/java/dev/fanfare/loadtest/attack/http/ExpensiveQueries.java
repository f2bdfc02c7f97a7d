package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Sends queries of some 8,000 parameters with a signature of two characters.
public final class ExpensiveQueries implements Attack {

  private static final int PAIRS = 7_900;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] request = request(siege.target().appId());
    try (AttackSocket socket = siege.open()) {
      while (!siege.isOver()) {
        socket.send(request);
        socket.read();
      }
    }
  }

  public static byte[] request(String appId) {
    return "GET /apps/%s/channels?%sauth_signature=00 HTTP/1.1\r\nHost: x\r\n\r\n"
        .formatted(appId, "a&".repeat(PAIRS))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
