package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.CpuTime;
import dev.fanfare.loadtest.measure.Memory;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Subscribed, idle connections: the memory of one, and the CPU time of ten thousand.
public final class IdleScenario implements Scenario {

  /// Connections opened and closed before memory is first read, so that code and pools do not
  /// count.
  private static final int REHEARSAL = 500;

  private static final long SHOW_NS = 1_000_000_000L;
  private static final long SETTLE_NS = 2_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String title(Load load) {
    return "%s held idle, subscribed to %s"
        .formatted(
            Titles.count(load.connections(), "connection"),
            Titles.count(load.channels(), "channel"));
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    IdleListener listener = new IdleListener();
    rehearse(rig, load);
    Memory before = memory(rig);
    long openedNs = System.nanoTime();
    List<PusherSocket> sockets = open(rig, load, load.connections(), listener);
    double seconds = (System.nanoTime() - openedNs) / NS_PER_SECOND;
    rig.loop().runFor(SETTLE_NS);
    Memory held = memory(rig);
    findings.figure("connections", "connections held", load.connections(), Unit.COUNT);
    findings.figure(
        "connections_per_second",
        "connections opened per second",
        load.connections() / seconds,
        Unit.PER_SECOND);
    report(findings, before, held, load.connections());
    hold(rig, load, listener, findings);
    findings.mustBeZero("disconnected", "connections lost", listener.gone);
    if (listener.gone > 0) {
      findings.failure("First loss: " + listener.firstReason + ".");
    }
    listener.leaving = true;
    sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }

  private static List<PusherSocket> open(Rig rig, Load load, int count, IdleListener listener) {
    return rig.openAll(count, number -> Subscription.to(load.channelOf(number)), listener);
  }

  private static void rehearse(Rig rig, Load load) {
    IdleListener listener = new IdleListener();
    int count = Math.min(REHEARSAL, load.connections());
    List<PusherSocket> sockets = open(rig, load, count, listener);
    listener.leaving = true;
    sockets.forEach(PusherSocket::close);
    boolean _ = rig.loop().run(() -> listener.left >= count, System.nanoTime() + SETTLE_NS, _ -> 0);
    rig.loop().runFor(SETTLE_NS);
  }

  private static void hold(Rig rig, Load load, IdleListener listener, Findings findings) {
    ServerProcess server = rig.server();
    CpuTime before = server == null ? null : server.cpu();
    long startNs = System.nanoTime();
    long[] shownNs = {startNs};
    boolean _ =
        rig.loop()
            .run(
                () -> listener.gone > 0 || rig.loop().isInterrupted(),
                startNs + load.durationNs(),
                nowNs -> {
                  if (nowNs - shownNs[0] > SHOW_NS) {
                    shownNs[0] = nowNs;
                    rig.progress().show("holding %,d connections".formatted(load.connections()));
                  }
                  return 0;
                });
    double seconds = (System.nanoTime() - startNs) / NS_PER_SECOND;
    if (rig.loop().isInterrupted()) {
      findings.remark(
          "Interrupted after %.1f of %.1f s: the figures cover the time until then."
              .formatted(seconds, load.seconds()));
    }
    if (server != null && before != null) {
      double percent = server.cpu().since(before).total() / seconds * 100;
      findings.figure("server_cpu_percent", "server CPU while idle", percent, Unit.PERCENT);
    }
  }

  private static @Nullable Memory memory(Rig rig) {
    ServerProcess server = rig.server();
    return server == null ? null : server.memory();
  }

  private static void report(
      Findings findings, @Nullable Memory before, @Nullable Memory held, int connections) {
    if (before == null || held == null) {
      findings.remark("Memory can be measured with --pid.");
      return;
    }
    double rss = (double) (held.rss() - before.rss()) / connections;
    findings.figure("rss_bytes_per_connection", "RSS per connection", rss, Unit.CONNECTION_BYTES);
    findings.figure(
        "rss_bytes", "RSS with all connections", (double) held.rss(), Unit.PROCESS_BYTES);
    if (before.heap().isPresent() && held.heap().isPresent()) {
      double heap = (double) (held.heap().getAsLong() - before.heap().getAsLong()) / connections;
      findings.figure(
          "heap_bytes_per_connection", "live heap per connection", heap, Unit.CONNECTION_BYTES);
      findings.figure(
          "heap_bytes",
          "live heap with all connections",
          (double) held.heap().getAsLong(),
          Unit.PROCESS_BYTES);
    }
  }

  private static final class IdleListener implements PusherListener {
    private int gone;
    private int left;
    private String firstReason = "";
    private boolean leaving;

    @Override
    public void onClosed(PusherSocket socket, String reason) {
      left++;
      if (!leaving) {
        gone++;
        firstReason = firstReason.isEmpty() ? reason : firstReason;
      }
    }
  }
}
