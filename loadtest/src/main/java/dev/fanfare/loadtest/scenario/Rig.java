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
import dev.fanfare.loadtest.plan.Target;
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
  private final List<Node> nodes;
  private final Progress progress;

  /// @param loop closed with the rig
  public Rig(Subject subject, GeneratorLoop loop, SourceAddresses sources, Progress progress) {
    this.subject = subject;
    this.loop = loop;
    this.progress = progress;
    nodes = subject.nodes().stream().map(target -> Node.of(target, loop, sources)).toList();
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

  /// The number of nodes; 1 for a single server.
  int nodes() {
    return nodes.size();
  }

  /// Connections to the first node.
  Connector connector() {
    return connector(0);
  }

  Connector connector(int node) {
    return nodes.get(node).connector;
  }

  /// Signs requests to the first node.
  SignedRequests signer() {
    return signer(0);
  }

  SignedRequests signer(int node) {
    return nodes.get(node).signer;
  }

  @Nullable ServerProcess server() {
    return subject.process();
  }

  Progress progress() {
    return progress;
  }

  /// Opens a client on the node that its number gives.
  PusherSocket open(int number, @Nullable Subscription wanted, PusherListener listener) {
    return openOn(number % nodes.size(), number, wanted, listener);
  }

  PusherSocket openOn(
      int node, int number, @Nullable Subscription wanted, PusherListener listener) {
    return nodes.get(node).sockets.open(number, wanted, listener);
  }

  /// Compressed messages received by all clients of this rig.
  long inflated() {
    return nodes.stream().mapToLong(node -> node.sockets.inflated()).sum();
  }

  /// Opens clients, each with its subscription, and waits until all are ready.
  List<PusherSocket> openAll(
      int count, IntFunction<@Nullable Subscription> wanted, PusherListener listener) {
    return openEach(count, Fleet.GENTLE, number -> open(number, wanted.apply(number), listener));
  }

  /// Opens the subscribers of a load, some of them compressed if it says so, and waits until all
  /// are ready.
  List<PusherSocket> openSubscribers(Load load, int atATime, PusherListener listener) {
    return openEach(
        load.connections(),
        atATime,
        number -> {
          Subscription wanted = Subscription.to(load.channelOf(number));
          PusherSockets sockets = nodes.get(load.nodeOf(number, nodes.size())).sockets;
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
    nodes.forEach(node -> node.sockets.close());
  }

  /// What connects to one node.
  private record Node(Connector connector, SignedRequests signer, PusherSockets sockets) {

    static Node of(Target target, GeneratorLoop loop, SourceAddresses sources) {
      Connector connector = new Connector(target, loop, sources);
      SignedRequests signer = new SignedRequests(target);
      return new Node(connector, signer, new PusherSockets(connector, signer));
    }
  }
}
