package dev.fanfare.loadtest.attack.websocket;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.ClientFrames;
import java.io.IOException;

/// Sends client events, as fast as it can or as many as a client may by default.
public final class ClientEvents implements Attack {

  private final String channel;
  private final int size;
  private final int batch;
  private final long intervalNs;

  private ClientEvents(String channel, int size, int batch, long intervalNs) {
    this.channel = channel;
    this.size = size;
    this.batch = batch;
    this.intervalNs = intervalNs;
  }

  /// Small ones, without pause: far above any limit.
  public static Attack flood() {
    return new ClientEvents("private-attack-events", 100, 50, 0);
  }

  /// Ten of 9 kB per second and client: within the default limits. If the app has a webhook for
  /// them, each is kept until its endpoint accepts it.
  public static Attack withinLimits() {
    return new ClientEvents("private-attack-hooked", 9_000, 1, 100_000_000L);
  }

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    byte[] event =
        ClientFrames.text(
            "{\"event\":\"client-attack\",\"channel\":\"%s\",\"data\":\"%s\"}"
                .formatted(channel + attacker, "x".repeat(size)));
    AttackSocket.Batch events = AttackSocket.Batch.of(event, batch);
    try (AttackSocket socket = siege.open()) {
      socket.upgrade();
      socket.drainInBackground();
      socket.send(socket.subscribe(Subscription.to(channel + attacker), siege.signer()));
      while (!siege.isOver()) {
        socket.send(events);
        siege.pause(intervalNs);
      }
    }
  }
}
