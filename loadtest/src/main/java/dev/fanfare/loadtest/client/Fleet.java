package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Opens many clients, a limited number at a time, and waits until each is ready. Confined to the
/// loop's thread.
public final class Fleet {

  /// Connections to open at a time, few enough for the accept queues of common servers.
  public static final int GENTLE = 128;

  private static final long PATIENCE_NS = 20_000_000_000L;

  private final GeneratorLoop loop;
  private final int atATime;
  private final List<PusherSocket> ready = new ArrayList<>();
  private final List<PusherSocket> opening = new ArrayList<>();

  /// @param atATime connections that may be in progress at a time
  public Fleet(GeneratorLoop loop, int atATime) {
    this.loop = loop;
    this.atATime = atATime;
  }

  /// Opens `count` clients, which `opener` creates from their number. Throws a [Refusal] with the
  /// server's reason as soon as one fails, if none gets ready for 20 seconds, or on Ctrl-C.
  ///
  /// @param progress called once per turn
  public List<PusherSocket> open(int count, IntFunction<PusherSocket> opener, Agent progress) {
    Ramp ramp = new Ramp(count, opener);
    boolean done = false;
    int before = -1;
    while (!done && !loop.isInterrupted() && ready.size() > before) {
      before = ready.size();
      done =
          loop.run(
              () -> ready.size() >= count || loop.isInterrupted(),
              System.nanoTime() + PATIENCE_NS,
              nowNs -> ramp.onTurn(nowNs) + progress.onTurn(nowNs));
    }
    if (loop.isInterrupted()) {
      throw new Refusal(
          "Interrupted with %,d of %,d connections open.".formatted(ready.size(), count));
    }
    if (!done) {
      throw new Refusal(
          "Only %,d of %,d connections were ready, and no more within 20 seconds."
              .formatted(ready.size(), count));
    }
    return List.copyOf(ready);
  }

  /// Clients that are ready so far.
  public int size() {
    return ready.size();
  }

  private final class Ramp implements Agent {
    private final int count;
    private final IntFunction<PusherSocket> opener;
    private int opened;

    Ramp(int count, IntFunction<PusherSocket> opener) {
      this.count = count;
      this.opener = opener;
    }

    @Override
    public int onTurn(long nowNs) {
      int work = 0;
      for (int i = opening.size() - 1; i >= 0; i--) {
        PusherSocket socket = opening.get(i);
        if (socket.state() == PusherSocket.State.CLOSED) {
          throw new Refusal(
              "Connection %,d of %,d failed: %s."
                  .formatted(ready.size() + 1, count, socket.reason()));
        }
        if (socket.state() == PusherSocket.State.READY) {
          ready.add(socket);
          opening.set(i, opening.getLast());
          opening.removeLast();
          work++;
        }
      }
      while (opened < count && opening.size() < atATime) {
        opening.add(opener.apply(opened++));
        work++;
      }
      return work;
    }
  }
}
