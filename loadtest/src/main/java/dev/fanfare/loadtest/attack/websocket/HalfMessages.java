package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;
import java.util.Arrays;

/// Starts a large WebSocket message, in fragments or in one frame, and never completes it.
public final class HalfMessages implements Attack {

  private static final int SIZE = 120_000;
  private static final int FRAGMENTS = 8;
  private static final int FIRST_FRAGMENT = 0x01;
  private static final int CONTINUATION = 0x00;

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] half = new byte[SIZE / FRAGMENTS];
    Arrays.fill(half, (byte) ' ');
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      if (attacker % 2 == 0) {
        for (int i = 0; i < FRAGMENTS; i++) {
          socket.send(ClientFrames.frame(i == 0 ? FIRST_FRAGMENT : CONTINUATION, half));
        }
      } else {
        byte[] whole = ClientFrames.text(" ".repeat(SIZE));
        socket.send(Arrays.copyOf(whole, whole.length - 1));
      }
      socket.awaitClosed();
    }
  }
}
