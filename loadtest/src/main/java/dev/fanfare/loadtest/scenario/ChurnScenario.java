package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.measure.Memory;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A random mixture of everything clients do, at a fixed rate and with a seed, while separate
/// subscribers (witnesses) on a quiet channel check that their events arrive. Memory is read before
/// and after: live heap that remains after all clients have left was leaked, and makes the run
/// fail.
public final class ChurnScenario implements Scenario {

  private static final int RING = 1 << 12;
  private static final int WITNESSES = 20;
  private static final double WITNESS_RATE = 50;
  private static final long DRAIN_NS = 5_000_000_000L;
  private static final long SETTLE_NS = 3_000_000_000L;

  @Override
  public String name() {
    return "churn";
  }

  @Override
  public String title(Load load) {
    return "random mixture, up to %s over %s, %s steps/s"
        .formatted(
            Titles.count(load.connections(), "connection"),
            Titles.count(load.channels(), "channel"),
            Titles.number(load.rate()));
  }

  @Override
  public long connectionsMade(Load load) {
    double seconds = (load.durationNs() + load.warmupNs()) / 1e9;
    return (long) (load.connections() + Math.min(seconds, 120) * load.rate() / 2);
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    Load witnessed = load.witnessed(WITNESSES, WITNESS_RATE);
    EventRing ring = new EventRing(RING);
    Receivers witnesses = new Receivers(rig.clock(), ring, WITNESSES, 1, 1);
    List<PusherSocket> sockets =
        rig.openAll(WITNESSES, _ -> Subscription.to(witnessed.channelName(0)), witnesses);
    Acknowledgements acknowledgements = new Acknowledgements(rig.clock());
    List<HttpPublisher> publishers = HttpPublisher.openAll(rig, witnessed, acknowledgements);
    Publishing publishing = new Publishing(publishers, ring, witnessed, _ -> WITNESSES);
    acknowledgements.feed(publishing);
    ChurnClients crowd = new ChurnClients(rig, load);
    Memory before = memory(rig);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "step", "steps", crowd::steps, () -> "%,d connected".formatted(crowd.connected())),
            witnesses.latency(),
            findings);
    drive(rig, window, publishing, ring, crowd, acknowledgements);
    witnesses.leave(true);
    acknowledgements.stopReconnecting();
    window.report();
    findings.latency(witnesses.latency().total());
    witnesses.report(findings, publishing::sent);
    acknowledgements.report(findings);
    crowd.report(findings);
    compare(rig, before, findings);
    publishers.forEach(Publisher::close);
    sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }

  private static void drive(
      Rig rig,
      Window window,
      Publishing publishing,
      EventRing ring,
      ChurnClients crowd,
      Acknowledgements acknowledgements) {
    publishing.start(System.nanoTime(), WITNESS_RATE);
    window.run(nowNs -> {
      acknowledgements.requireUsable();
      return crowd.onTurn(nowNs) + publishing.onTurn(nowNs);
    });
    publishing.stop();
    crowd.disperse();
    boolean _ =
        rig.loop()
            .run(
                () -> ring.undelivered() == 0 && crowd.connected() == 0,
                System.nanoTime() + DRAIN_NS,
                _ -> 0);
  }

  private static void compare(Rig rig, @Nullable Memory before, Findings findings) {
    rig.loop().runFor(SETTLE_NS);
    Memory after = memory(rig);
    if (before == null || after == null) {
      findings.remark("Memory can be measured with --pid.");
      return;
    }
    bytes(
        findings, "rss_bytes", "RSS", OptionalLong.of(before.rss()), OptionalLong.of(after.rss()));
    bytes(findings, "heap_bytes", "live heap", before.heap(), after.heap());
    bytes(findings, "direct_bytes", "direct memory", before.direct(), after.direct());
    if (after.hasLeakedSince(before)) {
      findings.failure(
          "The server leaks memory: %s of live heap after all clients have left, %s before; %s are allowed."
              .formatted(text(after.heap()), text(before.heap()), text(before.heapAllowance())));
    }
  }

  private static @Nullable Memory memory(Rig rig) {
    ServerProcess server = rig.server();
    return server == null ? null : server.memoryWithBuffers();
  }

  private static void bytes(
      Findings findings, String key, String title, OptionalLong before, OptionalLong after) {
    if (before.isPresent() && after.isPresent()) {
      findings.figure(
          key + "_before", title + " before", (double) before.getAsLong(), Unit.PROCESS_BYTES);
      findings.figure(
          key + "_after", title + " after", (double) after.getAsLong(), Unit.PROCESS_BYTES);
    }
  }

  private static String text(OptionalLong bytes) {
    return Figure.text((double) bytes.orElse(0), Unit.PROCESS_BYTES);
  }
}
