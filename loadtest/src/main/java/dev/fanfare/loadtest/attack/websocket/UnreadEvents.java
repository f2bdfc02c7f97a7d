package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Subscribes to a busy channel and never reads; the first attacker is its publisher.
public final class UnreadEvents implements Attack {

  private static final String CHANNEL = "attack-busy";
  private static final int RECEIVE_BUFFER = 4_096;
  private static final int EVENT_BYTES = 9_000;
  private static final long HOLD_NS = 3_000_000_000L;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    if (attacker == 0) {
      publish(siege);
      return;
    }
    try (AttackSocket socket = siege.open(RECEIVE_BUFFER)) {
      socket.upgrade();
      socket.send(socket.subscribe(Subscription.to(CHANNEL), siege.signer()));
      siege.pause(HOLD_NS);
    }
  }

  private static void publish(Siege siege) throws IOException {
    SignedRequests signer = siege.signer();
    String data = "x".repeat(EVENT_BYTES);
    byte[] body =
        "{\"name\":\"busy\",\"channels\":[\"%s\"],\"data\":\"%s\"}"
            .formatted(CHANNEL, data)
            .getBytes(StandardCharsets.US_ASCII);
    try (AttackSocket socket = siege.open()) {
      while (!siege.isOver()) {
        socket.send(signer.publish(body, System.currentTimeMillis()));
        socket.read();
      }
    }
  }
}
