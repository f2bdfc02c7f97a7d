package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.protocol.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Publishes with signatures that have the right form and are wrong.
public final class ForgedRequests implements Attack {

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    String body = "{\"name\":\"forged\",\"channels\":[\"attack-forged\"],\"data\":\"x\"}";
    try (AttackSocket socket = siege.open()) {
      while (!siege.isOver()) {
        socket.send(
            ("POST /apps/%s/events?auth_key=%s&auth_timestamp=%d&auth_version=1.0&body_md5=%s"
                    + "&auth_signature=%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s")
                .formatted(
                    siege.target().appId(),
                    siege.target().key(),
                    System.currentTimeMillis() / 1_000,
                    Signature.md5(body.getBytes(StandardCharsets.US_ASCII)),
                    "0123456789abcdef".repeat(4),
                    body.length(),
                    body));
        socket.read();
      }
    }
  }
}
