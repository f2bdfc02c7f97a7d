package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Connector;
import dev.fanfare.loadtest.client.Fleet;
import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.PusherSockets;
import dev.fanfare.loadtest.client.SourceAddresses;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.client.TurnClock;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What one run works with: the loop, the target, and the server's process if it is known. Made,
/// used and closed by one thread.
public final class Rig implements AutoCloseable {

  private static final long PROGRESS_NS = 500_000_000L;

  private final String serverName;
  private final GeneratorLoop loop;
  private final Connector connector;
  private final SignedRequests signer;
  private final PusherSockets sockets;
  private final @Nullable ServerProcess server;
  private final Progress progress;

  /// @param serverName how the server is called in results
  /// @param server its process, if it runs here and is to be measured
  /// @param sources how many local addresses to connect from, 0 for as many as are needed
  /// @param connections about how many connections the run will make
  public Rig(
      String serverName,
      Target target,
      @Nullable ServerProcess server,
      Progress progress,
      boolean polling,
      int sources,
      long connections) {
    this.serverName = serverName;
    this.server = server;
    this.progress = progress;
    loop = new GeneratorLoop(polling);
    SourceAddresses from =
        sources > 0
            ? SourceAddresses.of(sources, target.address())
            : SourceAddresses.enoughFor(connections, target.address());
    connector = new Connector(target, loop, from);
    signer = new SignedRequests(target);
    sockets = new PusherSockets(connector, signer);
  }

  String serverName() {
    return serverName;
  }

  GeneratorLoop loop() {
    return loop;
  }

  TurnClock clock() {
    return loop.clock();
  }

  Connector connector() {
    return connector;
  }

  SignedRequests signer() {
    return signer;
  }

  @Nullable ServerProcess server() {
    return server;
  }

  Progress progress() {
    return progress;
  }

  PusherSocket open(int number, @Nullable Subscription wanted, PusherListener listener) {
    return sockets.open(number, wanted, listener);
  }

  /// Opens clients, each with the subscription it is to have, and waits until all are ready.
  List<PusherSocket> openAll(
      int count, IntFunction<@Nullable Subscription> wanted, PusherListener listener) {
    return openAll(count, Fleet.GENTLE, wanted, listener);
  }

  /// The same with so many opening at a time.
  List<PusherSocket> openAll(
      int count, int atATime, IntFunction<@Nullable Subscription> wanted, PusherListener listener) {
    Fleet fleet = new Fleet(loop, atATime);
    long[] shownNs = {0};
    return fleet.open(
        count,
        number -> open(number, wanted.apply(number), listener),
        nowNs -> {
          if (nowNs - shownNs[0] > PROGRESS_NS) {
            shownNs[0] = nowNs;
            progress.show("connecting: %,d of %,d ready".formatted(fleet.size(), count));
          }
          return 0;
        });
  }

  @Override
  public void close() {
    progress.clear();
    loop.close();
  }
}
