package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.measure.CpuTime;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;

/// Every connection is cut at once without a close frame, and all reconnect at once: how long until
/// the server has removed the old ones, until all are back, and whether all get the next event. If
/// the load says so, events are published in between, and each client gets those of its channel
/// when it is back: how long until all have caught up, and how long a bystander waits for a pong
/// meanwhile.
public final class StormScenario implements Scenario {

  /// Connections in progress at a time; more than the accept queues of some servers hold.
  private static final int AT_A_TIME = 1_000;

  private static final long COUNTABLE_NS = 3_000_000_000L;
  private static final long PATIENCE_NS = 30_000_000_000L;

  /// Unanswered publishes while the clients are away.
  private static final int WINDOW = 16;

  private static final double NS_PER_SECOND = 1e9;
  private static final double US_PER_SECOND = 1e6;

  @Override
  public String name() {
    return "storm";
  }

  @Override
  public String title(Load load) {
    String replay =
        load.replay() == 0
            ? ""
            : ", %s of %d B replayed to each"
                .formatted(Titles.count(load.replay(), "event"), load.size());
    return "%s cut at once and back%s"
        .formatted(Titles.count(load.connections(), "connection"), replay);
  }

  @Override
  public long connectionsMade(Load load) {
    return 3L * load.connections();
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    LatencyTrack first = new LatencyTrack("first arrival");
    LatencyTrack back = new LatencyTrack("return");
    EventRing ring = new EventRing(ringSize(load));
    SideConnections sideConnections = SideConnections.openAll(rig, load);
    Receivers receivers = new Receivers(rig.clock(), ring, load.connections(), load.channels(), 1);
    Arrivals crowd = new Arrivals(rig, first, receivers);
    double firstSeconds = openAll(rig, load, crowd);
    cut(rig, load, crowd.sockets, receivers, findings);
    Missed missed = new Missed(rig, load, ring);
    missed.publish(load.replay());
    sideConnections.measure(true);
    CpuTime before = cpu(rig);
    Arrivals arrivals = new Arrivals(rig, back, receivers);
    findings.figure("first_seconds", "first connected within", firstSeconds, Unit.SECONDS);
    double backSeconds;
    try {
      backSeconds = openAll(rig, load, arrivals);
    } catch (Refusal e) {
      if (!rig.loop().isInterrupted()) {
        throw e;
      }
      missed.close();
      sideConnections.onLoadEnds();
      findings.remark(e.sentence());
      findings.latency(first.total());
      return Results.of(this, rig, load, findings);
    }
    findings.figure("back_seconds", "reconnected within", backSeconds, Unit.SECONDS);
    findings.figure(
        "returns_per_second",
        "returns per second",
        load.connections() / backSeconds,
        Unit.PER_SECOND);
    catchUp(rig, load, receivers, arrivals, findings);
    sideConnections.measure(false);
    sideConnections.onLoadEnds();
    if (rig.server() != null) {
      double each = cpu(rig).since(before).total() / load.connections() * US_PER_SECOND;
      findings.figure("server_cpu_us_per_return", "server CPU per return", each, Unit.MICROSECONDS);
    }
    findings.latency(first.total());
    findings.latency(back.total());
    sideConnections.report(findings);
    verify(rig, load, missed, receivers, findings);
    arrivals.sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }

  private static int ringSize(Load load) {
    int events = load.channels() * (load.replay() + 1);
    return Math.max(1 << 16, Integer.highestOneBit(events) << 1);
  }

  /// Waits until each client has got what it missed.
  private static void catchUp(
      Rig rig, Load load, Receivers receivers, Arrivals arrivals, Findings findings) {
    if (load.replay() == 0) {
      return;
    }
    long wanted = (long) load.connections() * load.replay();
    rig.progress().show("waiting for the replay");
    boolean isComplete =
        rig.loop()
            .run(() -> receivers.delivered() >= wanted, System.nanoTime() + PATIENCE_NS, _ -> 0);
    if (isComplete) {
      double seconds = (System.nanoTime() - arrivals.startNs) / NS_PER_SECOND;
      findings.figure("caught_up_seconds", "all caught up within", seconds, Unit.SECONDS);
    } else {
      findings.failure(
          "Only %,d of %,d events were replayed: does a rule of the app have replay: rewind and"
                  .formatted(receivers.delivered(), wanted)
              + " rewind_events of at least "
              + load.replay()
              + "?");
    }
  }

  private static double openAll(Rig rig, Load load, Arrivals arrivals) {
    long startNs = System.nanoTime();
    arrivals.startNs = startNs;
    arrivals.sockets = rig.openSubscribers(load, AT_A_TIME, arrivals);
    return (System.nanoTime() - startNs) / NS_PER_SECOND;
  }

  private static void cut(
      Rig rig, Load load, List<PusherSocket> sockets, Receivers receivers, Findings findings) {
    Occupancy occupancy = new Occupancy(rig);
    boolean countable = occupancy.await(load.channels(), COUNTABLE_NS);
    receivers.leave(true);
    rig.progress().show("cutting all connections");
    long cutNs = System.nanoTime();
    sockets.forEach(PusherSocket::cut);
    if (!countable) {
      findings.remark(
          "The server does not list its channels, so the time of their removal is unknown.");
      rig.loop().runFor((long) NS_PER_SECOND);
    } else if (occupancy.await(0, PATIENCE_NS)) {
      double seconds = (System.nanoTime() - cutNs) / NS_PER_SECOND;
      findings.figure("forgotten_seconds", "old connections removed within", seconds, Unit.SECONDS);
    } else {
      findings.failure(
          "The server still lists channels 30 seconds after all connections were cut.");
    }
    receivers.leave(false);
  }

  private static void verify(
      Rig rig, Load load, Missed missed, Receivers receivers, Findings findings) {
    missed.publish(1);
    long wanted = (long) load.connections() * (load.replay() + 1);
    boolean _ =
        rig.loop()
            .run(
                () -> receivers.delivered() >= wanted, System.nanoTime() + PATIENCE_NS / 3, _ -> 0);
    receivers.leave(true);
    receivers.report(findings, (_, _) -> load.replay() + 1);
    missed.close();
    missed.acknowledgements.report(findings);
  }

  private static CpuTime cpu(Rig rig) {
    ServerProcess server = rig.server();
    return server == null ? new CpuTime(0, 0) : server.cpu();
  }

  /// Publishes events in all channels. Confined to the loop's thread.
  private static final class Missed {
    private final Rig rig;
    private final Load load;
    private final EventRing ring;
    private final Acknowledgements acknowledgements;
    private final HttpPublisher publisher;

    /// Events of each channel so far.
    private int published;

    Missed(Rig rig, Load load, EventRing ring) {
      this.rig = rig;
      this.load = load;
      this.ring = ring;
      this.acknowledgements = new Acknowledgements(rig.clock());
      Load one = load.withOnePublisher().withWindow(WINDOW);
      this.publisher = HttpPublisher.openAll(rig, one, acknowledgements).getFirst();
    }

    /// Publishes that many in each channel, and waits for the answers.
    void publish(int events) {
      for (int i = 0; i < events; i++) {
        for (int channel = 0; channel < load.channels(); channel++) {
          boolean _ = rig.loop().run(publisher::canSend, System.nanoTime() + COUNTABLE_NS, _ -> 0);
          acknowledgements.requireUsable();
          int event = published * load.channels() + channel;
          ring.open(event, 0, System.nanoTime());
          publisher.send(publisher.prepare(channel, published, event), System.nanoTime());
          publisher.flush();
        }
        published++;
      }
      boolean _ =
          rig.loop()
              .run(() -> publisher.unanswered() == 0, System.nanoTime() + PATIENCE_NS, _ -> 0);
    }

    void close() {
      acknowledgements.stopReconnecting();
      publisher.close();
    }
  }

  /// Times arrivals from the moment when all start. Confined to the loop's thread.
  private static final class Arrivals implements PusherListener {
    private final Rig rig;
    private final LatencyTrack latency;
    private final Receivers receivers;
    private long startNs;
    private List<PusherSocket> sockets = List.of();

    Arrivals(Rig rig, LatencyTrack latency, Receivers receivers) {
      this.rig = rig;
      this.latency = latency;
      this.receivers = receivers;
    }

    @Override
    public void onSubscribed(PusherSocket socket, String channel) {
      latency.record(rig.clock().nowNs() - startNs);
    }

    @Override
    public void onDelivery(
        PusherSocket socket, int publisher, int channel, int sequence, int event) {
      receivers.onDelivery(socket, publisher, channel, sequence, event);
    }

    @Override
    public void onError(PusherSocket socket, String reason) {
      receivers.onError(socket, reason);
    }

    @Override
    public void onClosed(PusherSocket socket, String reason) {
      receivers.onClosed(socket, reason);
    }
  }
}
