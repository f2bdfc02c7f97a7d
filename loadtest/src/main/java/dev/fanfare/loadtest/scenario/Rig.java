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
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The parts that a run uses: the loop, the target, and the server's process if it is known.
/// Created, used and closed by one thread.
public final class Rig implements AutoCloseable {

  private static final long PROGRESS_NS = 500_000_000L;

  private final Subject subject;
  private final GeneratorLoop loop;
  private final Connector connector;
  private final SignedRequests signer;
  private final PusherSockets sockets;
  private final Progress progress;

  /// @param loop closed with the rig
  public Rig(Subject subject, GeneratorLoop loop, SourceAddresses sources, Progress progress) {
    this.subject = subject;
    this.loop = loop;
    this.progress = progress;
    connector = new Connector(subject.target(), loop, sources);
    signer = new SignedRequests(subject.target());
    sockets = new PusherSockets(connector, signer);
  }

  String serverName() {
    return subject.name();
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
    return subject.process();
  }

  Progress progress() {
    return progress;
  }

  PusherSocket open(int number, @Nullable Subscription wanted, PusherListener listener) {
    return sockets.open(number, wanted, listener);
  }

  /// Compressed messages received by all clients of this rig.
  long inflated() {
    return sockets.inflated();
  }

  /// Opens clients, each with its subscription, and waits until all are ready.
  List<PusherSocket> openAll(
      int count, IntFunction<@Nullable Subscription> wanted, PusherListener listener) {
    return openEach(
        count, Fleet.GENTLE, number -> sockets.open(number, wanted.apply(number), listener));
  }

  /// Opens the subscribers of a load, some of them compressed if it says so, and waits until all
  /// are ready.
  List<PusherSocket> openSubscribers(Load load, int atATime, PusherListener listener) {
    return openEach(
        load.connections(),
        atATime,
        number -> {
          Subscription wanted = Subscription.to(load.channelOf(number));
          return load.isCompressed(number)
              ? sockets.openCompressed(number, wanted, listener)
              : sockets.open(number, wanted, listener);
        });
  }

  private List<PusherSocket> openEach(int count, int atATime, IntFunction<PusherSocket> opener) {
    Fleet fleet = new Fleet(loop, atATime);
    long[] shownNs = {0};
    return fleet.open(
        count,
        opener,
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
    sockets.close();
  }
}
