package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Publishes signed events of 9 kB to cache channels that never repeat.
public final class CacheFlood implements Attack {

  private static final int EVENT_BYTES = 9_000;

  private final AtomicInteger next = new AtomicInteger();

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    SignedRequests signer = siege.signer();
    String data = "x".repeat(EVENT_BYTES);
    try (AttackSocket socket = siege.open()) {
      while (!siege.isOver()) {
        String body =
            "{\"name\":\"cached\",\"channels\":[\"cache-attack-%d\"],\"data\":\"%s\"}"
                .formatted(next.getAndIncrement(), data);
        socket.send(
            signer.publish(body.getBytes(StandardCharsets.US_ASCII), System.currentTimeMillis()));
        socket.read();
      }
    }
  }
}
