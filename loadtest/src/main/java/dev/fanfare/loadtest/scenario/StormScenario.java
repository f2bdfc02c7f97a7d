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
/// the server has removed the old ones, until all are back, and whether all get the next event.
public final class StormScenario implements Scenario {

  /// Connections in progress at a time; more than the accept queues of some servers hold.
  private static final int AT_A_TIME = 1_000;

  private static final long COUNTABLE_NS = 3_000_000_000L;
  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;
  private static final double US_PER_SECOND = 1e6;

  @Override
  public String name() {
    return "storm";
  }

  @Override
  public String title(Load load) {
    return "%s cut at once and back".formatted(Titles.count(load.connections(), "connection"));
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
    EventRing ring = new EventRing(1 << 16);
    Receivers receivers = new Receivers(rig.clock(), ring, load.connections(), load.channels(), 1);
    Arrivals crowd = new Arrivals(rig, first, receivers);
    double firstSeconds = openAll(rig, load, crowd);
    cut(rig, load, crowd.sockets, receivers, findings);
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
    if (rig.server() != null) {
      double each = cpu(rig).since(before).total() / load.connections() * US_PER_SECOND;
      findings.figure("server_cpu_us_per_return", "server CPU per return", each, Unit.MICROSECONDS);
    }
    findings.latency(first.total());
    findings.latency(back.total());
    verify(rig, load, ring, receivers, findings);
    arrivals.sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
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
      Rig rig, Load load, EventRing ring, Receivers receivers, Findings findings) {
    Acknowledgements acknowledgements = new Acknowledgements(rig.clock());
    HttpPublisher publisher =
        HttpPublisher.openAll(rig, load.withOnePublisher(), acknowledgements).getFirst();
    for (int channel = 0; channel < load.channels(); channel++) {
      boolean _ = rig.loop().run(publisher::canSend, System.nanoTime() + COUNTABLE_NS, _ -> 0);
      ring.open(channel, 0, System.nanoTime());
      publisher.send(publisher.prepare(channel, 0, channel), System.nanoTime());
      publisher.flush();
    }
    boolean _ =
        rig.loop()
            .run(
                () -> receivers.delivered() >= load.connections(),
                System.nanoTime() + PATIENCE_NS / 3,
                _ -> 0);
    receivers.leave(true);
    acknowledgements.stopReconnecting();
    receivers.report(findings, (_, _) -> 1);
    acknowledgements.report(findings);
    publisher.close();
  }

  private static CpuTime cpu(Rig rig) {
    ServerProcess server = rig.server();
    return server == null ? new CpuTime(0, 0) : server.cpu();
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
