package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Pipelines requests and never reads the responses.
public final class UnreadAnswers implements Attack {

  private static final int RECEIVE_BUFFER = 4_096;
  private static final int BATCH = 64;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] request =
        "GET /apps/%s/channels?auth_key=%s HTTP/1.1\r\nHost: x\r\n\r\n"
            .formatted(siege.target().appId(), siege.target().key())
            .getBytes(StandardCharsets.US_ASCII);
    AttackSocket.Batch batch = AttackSocket.Batch.of(request, BATCH);
    try (AttackSocket socket = siege.open(RECEIVE_BUFFER)) {
      while (!siege.isOver()) {
        socket.send(batch);
      }
    }
  }
}
