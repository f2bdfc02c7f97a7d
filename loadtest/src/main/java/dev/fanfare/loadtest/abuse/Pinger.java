package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.client.PingSocket;
import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;

/// Sends a `pusher:ping` every 20 milliseconds and waits for its pong before the next.
final class Pinger implements Bystander {

  private static final long INTERVAL_NS = 20_000_000L;

  private final Scene scene;

  Pinger(Scene scene) {
    this.scene = scene;
  }

  @Override
  public String failure() {
    return "the pinger was disconnected";
  }

  @Override
  public void live() throws IOException {
    try (PingSocket socket = PingSocket.connect(scene.target)) {
      while (!scene.isStopped()) {
        long startNs = System.nanoTime();
        scene.record(scene.ping, startNs, startNs + socket.ping());
        scene.pause(INTERVAL_NS);
      }
    } catch (Refusal e) {
      throw new IOException(e.sentence(), e);
    }
  }
}
