package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sends messages that are costly to parse.
public final class CostlyJson implements Attack {

  private static final int SIZE = 120_000;

  private final String message;

  private CostlyJson(String message) {
    this.message = message;
  }

  /// Some 10,000 fields.
  public static Attack big() {
    String data =
        IntStream.range(0, SIZE / 12)
            .mapToObj(i -> "\"f%d\":%d".formatted(i, i % 1_000))
            .collect(Collectors.joining(","));
    return new CostlyJson(
        "{\"event\":\"client-big\",\"channel\":\"c\",\"data\":{%s}}".formatted(data));
  }

  /// Some 60,000 nested arrays.
  public static Attack deep() {
    int depth = SIZE / 2 - 100;
    return new CostlyJson(
        "{\"event\":\"client-deep\",\"channel\":\"c\",\"data\":%s}"
            .formatted("[".repeat(depth) + "]".repeat(depth)));
  }

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] frame = ClientFrames.text(message);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      while (!siege.isOver()) {
        socket.send(frame);
      }
    }
  }
}
