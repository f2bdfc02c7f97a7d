package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.client.Fleet;
import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LossLedger;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Subscribers spread over the nodes of a cluster, each of which reconnects to the next node when
/// its connection is closed. Confined to the loop's thread.
final class RovingSubscribers implements PusherListener, Agent {

  /// Before a client connects again.
  private static final long PAUSE_NS = 100_000_000L;

  /// Attempts of one client without a subscription before the run is given up.
  private static final int MOST_ATTEMPTS = 100;

  private final Rig rig;
  private final Load load;
  private final LossLedger ledger;
  private final PusherSocket[] sockets;
  private final int[] nodes;
  private final int[] attempts;
  private final Deque<Return> returns = new ArrayDeque<>();

  /// Closed and still open connections of the first round, by node.
  private final int[] closedAt;

  private final int[] openAt;
  private final boolean[] moved;
  private long firstClosedNs;
  private long lastReturnNs;
  private long returned;
  private long errors;
  private String firstError = "";
  private String lastReason = "";
  private boolean leaving;

  RovingSubscribers(Rig rig, Load load, LossLedger ledger) {
    this.rig = rig;
    this.load = load;
    this.ledger = ledger;
    sockets = new PusherSocket[load.connections()];
    nodes = new int[load.connections()];
    attempts = new int[load.connections()];
    moved = new boolean[load.connections()];
    closedAt = new int[rig.nodes()];
    openAt = new int[rig.nodes()];
  }

  /// Opens all and waits until each is subscribed.
  void openAll() {
    List<PusherSocket> opened = rig.openSubscribers(load, Fleet.GENTLE, this);
    for (PusherSocket socket : opened) {
      int number = socket.number();
      sockets[number] = socket;
      nodes[number] = load.nodeOf(number, rig.nodes());
      openAt[nodes[number]]++;
    }
  }

  /// Clients that are subscribed again after their connection was closed.
  long returned() {
    return returned;
  }

  /// Nanoseconds from the first closed connection until all were back; 0 if none was closed.
  long awayNs() {
    return returned == 0 ? 0 : lastReturnNs - firstClosedNs;
  }

  long errors() {
    return errors;
  }

  String firstError() {
    return firstError;
  }

  /// Clients that were disconnected by a node that kept others.
  long disconnected() {
    long sum = 0;
    for (int node = 0; node < openAt.length; node++) {
      sum += openAt[node] > 0 ? closedAt[node] : 0;
    }
    return sum;
  }

  void cutAll() {
    leaving = true;
    for (PusherSocket socket : sockets) {
      socket.cut();
    }
  }

  @Override
  public void onSubscribed(PusherSocket socket, String channel) {
    long nowNs = rig.clock().nowNs();
    int number = socket.number();
    attempts[number] = 0;
    ledger.subscribed(number, nowNs);
    if (moved[number]) {
      returned++;
      lastReturnNs = nowNs;
    }
  }

  @Override
  public void onDelivery(PusherSocket socket, int publisher, int channel, int sequence, int event) {
    ledger.arrived(socket.number(), channel, event, rig.clock().nowNs());
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    errors++;
    firstError = firstError.isEmpty() ? reason : firstError;
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    int number = socket.number();
    if (leaving || sockets[number] == null) {
      return;
    }
    long nowNs = rig.clock().nowNs();
    ledger.left(number, nowNs);
    if (!moved[number]) {
      moved[number] = true;
      openAt[nodes[number]]--;
      closedAt[nodes[number]]++;
      firstClosedNs = firstClosedNs == 0 ? nowNs : firstClosedNs;
    }
    attempts[number]++;
    lastReason = reason;
    returns.add(new Return(number, nowNs + PAUSE_NS));
  }

  @Override
  public int onTurn(long nowNs) {
    int work = 0;
    while (!returns.isEmpty() && nowNs - returns.getFirst().dueNs >= 0) {
      int number = returns.removeFirst().number;
      if (attempts[number] > MOST_ATTEMPTS) {
        throw new Refusal("No node accepts a client: " + lastReason + ".");
      }
      nodes[number] = (nodes[number] + 1) % rig.nodes();
      Subscription wanted = Subscription.to(load.channelOf(number));
      sockets[number] = rig.openOn(nodes[number], number, wanted, this);
      work++;
    }
    return work;
  }

  /// A client that connects again.
  private record Return(int number, long dueNs) {}
}
