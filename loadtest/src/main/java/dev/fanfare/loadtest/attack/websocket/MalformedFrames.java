package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Violates RFC 6455 in all ways, one per connection, in a loop.
public final class MalformedFrames implements Attack {

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;

  /// One violation each.
  static final List<byte[]> VIOLATIONS =
      List.of(
          new byte[] {(byte) TEXT, 1, 'x'}, // not masked
          ClientFrames.frame(0xF1, new byte[] {'x'}), // reserved bits
          ClientFrames.frame(0x83, new byte[] {'x'}), // an opcode without a meaning
          ClientFrames.frame(0x8B, new byte[] {'x'}), // a control opcode without a meaning
          ClientFrames.frame(0x09, new byte[] {'x'}), // a fragmented ping
          ClientFrames.frame(PING, new byte[126]), // a ping that is too long
          ClientFrames.frame(0x80, new byte[] {'x'}), // a continuation of nothing
          ClientFrames.frame(TEXT, new byte[] {(byte) 0xC0, (byte) 0x80}), // not UTF-8
          ClientFrames.frame(CLOSE, new byte[] {3}), // half a close code
          ClientFrames.frame(CLOSE, new byte[] {3, (byte) 0xED}), // code 1005
          new byte[] {(byte) TEXT, (byte) 0xFF, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0});

  private final AtomicInteger turn = new AtomicInteger();

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] violation = VIOLATIONS.get(Math.floorMod(turn.getAndIncrement(), VIOLATIONS.size()));
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.send(violation);
      socket.drain();
    }
  }
}
