package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import java.util.List;

/// The clients that join and leave. Each waits until all members of the channel were notified of
/// its last change before it makes the next, and moves from channel to channel. Confined to the
/// loop's thread.
final class Visitors implements PusherListener {

  private static final double NS_PER_SECOND = 1e9;

  private final Rig rig;
  private final Load load;
  private final Members members;
  private final PusherSocket[] sockets;
  private final int[] channelOf;
  private final boolean[] inside;

  /// Members that were not notified of the last change yet, by visitor.
  private final int[] lacking;

  /// The scheduled time of the last change, by visitor.
  private final long[] intendedNs;

  /// Changes made, by visitor and channel.
  private final int[][] sent;

  private final LatencyTrack joining = new LatencyTrack("join");

  private double dueNs = System.nanoTime();
  private int next;
  private long changes;
  private boolean stopped;

  Visitors(Rig rig, Load load, Members members) {
    this.rig = rig;
    this.load = load;
    this.members = members;
    int count = load.publishers();
    sockets = new PusherSocket[count];
    channelOf = new int[count];
    inside = new boolean[count];
    lacking = new int[count];
    intendedNs = new long[count];
    sent = new int[count][load.channels()];
  }

  void openAll() {
    List<PusherSocket> open = rig.openAll(load.publishers(), _ -> null, this);
    for (PusherSocket socket : open) {
      sockets[socket.number()] = socket;
      channelOf[socket.number()] = socket.number() % load.channels();
    }
    members.watch(this);
  }

  int onTurn(long nowNs) {
    int work = 0;
    for (int tried = 0; tried < sockets.length; tried++) {
      if (load.rate() > 0 && dueNs > nowNs) {
        return work;
      }
      next = (next + 1) % sockets.length;
      if (!stopped && lacking[next] == 0) {
        step(next, load.rate() > 0 ? (long) dueNs : nowNs);
        dueNs += load.rate() > 0 ? NS_PER_SECOND / load.rate() : 0;
        work++;
      }
    }
    return work;
  }

  private void step(int visitor, long intended) {
    intendedNs[visitor] = intended;
    int where = channelOf[visitor];
    lacking[visitor] = membersOf(where);
    int change = sent[visitor][where]++;
    changes++;
    if (inside[visitor]) {
      sockets[visitor].unsubscribe(PresenceScenario.channelName(where));
      channelOf[visitor] = (where + 1) % load.channels();
    } else {
      String user = "visitor-" + visitor + "-" + change / 2;
      sockets[visitor].subscribe(Subscription.as(PresenceScenario.channelName(where), user));
    }
    inside[visitor] = !inside[visitor];
  }

  /// A member was notified of this visitor's last change; returns the scheduled time of that
  /// change.
  long onNoticed(int visitor) {
    lacking[visitor]--;
    return intendedNs[visitor];
  }

  void stop() {
    stopped = true;
  }

  boolean idle() {
    for (int left : lacking) {
      if (left > 0) {
        return false;
      }
    }
    return true;
  }

  long changes() {
    return changes;
  }

  /// Changes that a visitor has made in a channel.
  int sent(int visitor, int where) {
    return sent[visitor][where];
  }

  /// From a visitor's subscribe to its confirmation, with the member list.
  LatencyTrack joining() {
    return joining;
  }

  void close() {
    for (PusherSocket socket : sockets) {
      socket.cut();
    }
  }

  private int membersOf(int where) {
    int each = load.connections() / load.channels();
    return where < load.connections() % load.channels() ? each + 1 : each;
  }

  @Override
  public void onSubscribed(PusherSocket socket, String channel) {
    joining.record(rig.clock().nowNs() - intendedNs[socket.number()]);
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    members.trouble(reason);
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    members.onClosed(socket, reason);
  }
}
