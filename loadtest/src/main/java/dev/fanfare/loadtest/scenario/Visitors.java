package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import java.util.List;

/// Those who join and leave. Each waits until all members of the room have noticed its last step
/// before it takes the next, and goes from room to room. Confined to the loop's thread.
final class Visitors implements PusherListener {

  private static final double NS_PER_SECOND = 1e9;

  private final Rig rig;
  private final Load load;
  private final Members members;
  private final PusherSocket[] sockets;
  private final int[] room;
  private final boolean[] inside;

  /// Members who have not noticed the last step yet, by visitor.
  private final int[] lacking;

  /// When the last step was to be taken, by visitor.
  private final long[] intendedNs;

  /// Changes made, by visitor and room.
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
    room = new int[count];
    inside = new boolean[count];
    lacking = new int[count];
    intendedNs = new long[count];
    sent = new int[count][load.channels()];
  }

  void openAll() {
    List<PusherSocket> open = rig.openAll(load.publishers(), _ -> null, this);
    for (PusherSocket socket : open) {
      sockets[socket.number()] = socket;
      room[socket.number()] = socket.number() % load.channels();
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
    int where = room[visitor];
    lacking[visitor] = membersOf(where);
    int change = sent[visitor][where]++;
    changes++;
    if (inside[visitor]) {
      sockets[visitor].unsubscribe(PresenceScenario.room(where));
      room[visitor] = (where + 1) % load.channels();
    } else {
      String user = "visitor-" + visitor + "-" + change / 2;
      sockets[visitor].subscribe(Subscription.as(PresenceScenario.room(where), user));
    }
    inside[visitor] = !inside[visitor];
  }

  /// A member has noticed this visitor's last step; returns when that step was intended.
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

  /// Changes that a visitor has made in a room.
  int sent(int visitor, int where) {
    return sent[visitor][where];
  }

  /// From a visitor's subscribe to its own confirmation, with the roster.
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
