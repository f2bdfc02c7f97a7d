package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import org.jspecify.annotations.Nullable;

/// Connect, subscribe, close, and again: the price of a visitor. So many attempts are under way at
/// a time, or so many start per second.
public final class ConnectScenario implements Scenario {

  private static final double CYCLES_PER_SECOND = 20_000;
  private static final double NS_PER_SECOND = 1e9;

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public String title(Load load) {
    return "connect, subscribe and close, %d at a time%s%s"
        .formatted(
            load.connections(),
            load.rate() > 0 ? ", %s/s".formatted(Titles.number(load.rate())) : "",
            load.privateChannels() ? ", private" : "");
  }

  @Override
  public long connectionsMade(Load load) {
    return (long) ((load.durationNs() + load.warmupNs()) / NS_PER_SECOND * CYCLES_PER_SECOND);
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    Visitors visitors = new Visitors(rig, load);
    Window window =
        new Window(
            rig,
            load,
            "cycle",
            () -> visitors.completed,
            visitors.subscribed,
            () -> "failed %,d".formatted(visitors.failed),
            findings);
    boolean[] restarted = {false};
    window.run(nowNs -> {
      if (window.measuring() && !restarted[0]) {
        restarted[0] = true;
        visitors.greeted.restart();
        visitors.closed.restart();
      }
      return visitors.onTurn(nowNs);
    });
    visitors.stop();
    window.report("cycles");
    findings.latency(visitors.greeted.total());
    findings.latency(visitors.subscribed.total());
    findings.latency(visitors.closed.total());
    findings.mustBeZero("failed", "connections failed", visitors.failed);
    if (visitors.failed > 0) {
      findings.failure("The first failure: " + visitors.firstFailure + ".");
    }
    return Results.of(this, rig, load, findings);
  }

  /// The attempts under way. Confined to the loop's thread.
  private static final class Visitors implements PusherListener {
    private final Rig rig;
    private final Load load;

    /// When the attempt of each slot was to start; 0 for a free slot.
    private final long[] intendedNs;

    private final PusherSocket.State[] reached;
    private final int[] free;
    private int freeCount;

    private final LatencyTrack greeted = new LatencyTrack("greeting");
    private final LatencyTrack subscribed = new LatencyTrack("subscription");
    private final LatencyTrack closed = new LatencyTrack("close");

    private double dueNs = System.nanoTime();
    private int nextChannel;
    private long completed;
    private long failed;
    private String firstFailure = "";
    private @Nullable Refusal fatal;
    private boolean stopped;

    Visitors(Rig rig, Load load) {
      this.rig = rig;
      this.load = load;
      intendedNs = new long[load.connections()];
      reached = new PusherSocket.State[load.connections()];
      free = new int[load.connections()];
      for (int slot = 0; slot < free.length; slot++) {
        free[freeCount++] = slot;
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
      greeted.record(sinceIntended(socket));
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
        // Thrown from here it would end in the network library; the next turn throws it.
        fatal = new Refusal("Nobody can connect: " + reason + ".");
      }
    }

    private long sinceIntended(PusherSocket socket) {
      return rig.clock().nowNs() - intendedNs[socket.number()];
    }
  }
}
