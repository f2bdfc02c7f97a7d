package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import org.jspecify.annotations.Nullable;

/// Attempts to connect, subscribe and close; each slot starts the next when its last has ended.
/// Confined to the loop's thread.
final class Attempts implements PusherListener {
  private static final double NS_PER_SECOND = 1e9;

  private final Rig rig;
  private final Load load;

  /// The scheduled start of the attempt in each slot; 0 for a free slot.
  private final long[] intendedNs;

  private final PusherSocket.State[] reached;
  private final int[] free;
  private int freeCount;

  private final LatencyTrack established = new LatencyTrack("handshake");
  private final LatencyTrack subscribed = new LatencyTrack("subscription");
  private final LatencyTrack closed = new LatencyTrack("close");

  private double dueNs = System.nanoTime();
  private int nextChannel;
  private long completed;
  private long failed;
  private String firstFailure = "";
  private @Nullable Refusal fatal;
  private boolean stopped;

  Attempts(Rig rig, Load load) {
    this.rig = rig;
    this.load = load;
    intendedNs = new long[load.connections()];
    reached = new PusherSocket.State[load.connections()];
    free = new int[load.connections()];
    for (int slot = 0; slot < free.length; slot++) {
      free[freeCount++] = slot;
    }
  }

  /// Attempts that succeeded.
  long completed() {
    return completed;
  }

  long failed() {
    return failed;
  }

  /// From the scheduled start to the confirmed subscription.
  LatencyTrack subscribed() {
    return subscribed;
  }

  /// The measured time begins.
  void restart() {
    established.restart();
    closed.restart();
  }

  void report(Findings findings) {
    findings.latency(established.total());
    findings.latency(subscribed.total());
    findings.latency(closed.total());
    findings.mustBeZero("failed", "connections failed", failed);
    if (failed > 0) {
      findings.failure("First failure: " + firstFailure + ".");
    }
  }

  void stop() {
    stopped = true;
  }

  int onTurn(long nowNs) {
    if (fatal != null) {
      throw fatal;
    }
    int work = 0;
    while (freeCount > 0 && (load.rate() == 0 || dueNs <= nowNs)) {
      start(load.rate() == 0 ? nowNs : (long) dueNs);
      dueNs += load.rate() == 0 ? 0 : NS_PER_SECOND / load.rate();
      work++;
    }
    return work;
  }

  private void start(long intended) {
    int slot = free[--freeCount];
    intendedNs[slot] = intended;
    reached[slot] = PusherSocket.State.OPENING;
    nextChannel = (nextChannel + 1) % load.channels();
    var _ = rig.open(slot, Subscription.to(load.channelName(nextChannel)), this);
  }

  @Override
  public void onOpen(PusherSocket socket) {
    reached[socket.number()] = PusherSocket.State.OPEN;
    established.record(sinceIntended(socket));
  }

  @Override
  public void onSubscribed(PusherSocket socket, String channel) {
    reached[socket.number()] = PusherSocket.State.READY;
    subscribed.record(sinceIntended(socket));
    socket.close();
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    int slot = socket.number();
    if (reached[slot] == PusherSocket.State.READY) {
      completed++;
      closed.record(sinceIntended(socket));
    } else if (!stopped) {
      fail(reason);
    }
    free[freeCount++] = slot;
  }

  private void fail(String reason) {
    failed++;
    if (firstFailure.isEmpty()) {
      firstFailure = reason;
    }
    if (completed == 0 && failed >= load.connections()) {
      // An exception here would end in the network library; the next turn throws it.
      fatal = new Refusal("No connection succeeded: " + reason + ".");
    }
  }

  private long sinceIntended(PusherSocket socket) {
    return rig.clock().nowNs() - intendedNs[socket.number()];
  }
}
