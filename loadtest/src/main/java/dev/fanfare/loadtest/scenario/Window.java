package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.measure.Compilers;
import dev.fanfare.loadtest.measure.CpuTime;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.TimePoint;
import dev.fanfare.loadtest.report.Unit;
import org.jspecify.annotations.Nullable;

/// The warm-up and the measured time of a run. Reads counters, clocks and CPU times at the start,
/// the end and once per second, so that cost and work belong to the same period. Confined to the
/// loop's thread.
final class Window implements Agent {

  private static final long SECOND_NS = 1_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final long STALL_NS = 10 * SECOND_NS;

  /// Percent of its time above which a loop is saturated.
  private static final double SATURATED = 95;

  /// Percent of the server's CPU time above which C2 was still compiling what is measured.
  private static final double COLD = 5;

  private final Rig rig;
  private final Load load;
  private final Work work;
  private final LatencyTrack latency;
  private final CpuContention contention;
  private final @Nullable Compilers compilers;
  private final Findings findings;

  private final long startNs;
  private final long endNs;
  private boolean measuring;
  private boolean over;
  private @Nullable String abortion;

  /// At the start of the measured time, and at the last full second.
  private Edge first;

  private Edge last;

  /// When the count last changed.
  private long movedNs;

  private long movedCount;

  /// @param latency the one shown in the progress line
  Window(Rig rig, Load load, Work work, LatencyTrack latency, Findings findings) {
    this.rig = rig;
    this.load = load;
    this.work = work;
    this.latency = latency;
    this.findings = findings;
    ServerProcess server = rig.server();
    contention = new CpuContention(server);
    compilers = server == null ? null : server.compilers();
    long nowNs = System.nanoTime();
    startNs = nowNs + load.warmupNs();
    endNs = startNs + load.durationNs();
    first = edge(nowNs);
    last = first;
    movedNs = nowNs;
  }

  /// Runs the loop during warm-up and measured time; `agent` is called once per turn.
  void run(Agent agent) {
    boolean _ =
        rig.loop()
            .run(
                () -> over,
                endNs + STALL_NS,
                nowNs -> onTurn(nowNs) + (over ? 0 : agent.onTurn(nowNs)));
    if (!over) {
      finish(System.nanoTime());
    }
  }

  /// Ends the run early; it counts as failed for this reason.
  void abort(String sentence) {
    if (abortion == null) {
      abortion = sentence;
      findings.failure(sentence);
    }
  }

  /// Ends the run early without a failure: Ctrl-C was pressed.
  private void interrupt(long nowNs) {
    if (!measuring) {
      throw new Refusal("Interrupted during the warm-up: nothing was measured yet.");
    }
    finish(nowNs);
    findings.remark(
        "Interrupted after %.1f of %.1f s: the figures cover the time until then."
            .formatted(seconds(), load.seconds()));
  }

  boolean measuring() {
    return measuring;
  }

  @Override
  public int onTurn(long nowNs) {
    if (!measuring && nowNs - startNs >= 0) {
      begin(nowNs);
    }
    if (nowNs - last.ns >= SECOND_NS) {
      onSecond(nowNs);
    }
    if (rig.loop().isInterrupted() && !over) {
      interrupt(nowNs);
    }
    if (!over && (nowNs - endNs >= 0 || abortion != null)) {
      finish(nowNs);
    }
    return 0;
  }

  private void begin(long nowNs) {
    measuring = true;
    latency.restart();
    contention.begin();
    if (compilers != null) {
      compilers.begin();
    }
    first = edge(nowNs);
    last = first;
  }

  private void onSecond(long nowNs) {
    Edge now = edge(nowNs);
    LatencyTrack.Interval interval = latency.closeInterval();
    double seconds = (now.ns - last.ns) / NS_PER_SECOND;
    TimePoint point =
        new TimePoint(
            (now.ns - first.ns) / NS_PER_SECOND,
            (now.count - last.count) / seconds,
            interval.p50Ns() / NS_PER_US,
            interval.p99Ns() / NS_PER_US,
            now.cpu.since(last.cpu).total() / seconds * 100,
            100 - (now.idleNs - last.idleNs) / seconds / NS_PER_SECOND * 100);
    if (measuring) {
      findings.point(point);
      readCompilers();
    }
    rig.progress().show(line(point));
    last = now;
    if (now.count != movedCount) {
      movedCount = now.count;
      movedNs = nowNs;
    } else if (nowNs - movedNs >= STALL_NS && load.rate() == 0) {
      abort("No progress for 10 seconds; the server has stalled or lost messages.");
    }
  }

  private String line(TimePoint point) {
    double left = (endNs - System.nanoTime()) / NS_PER_SECOND;
    return "%s %3.0f s  %,.0f/s  %,d %s  %s  p99 %.2f ms  server %.0f %%  generator %.0f %%"
        .formatted(
            measuring ? "measuring" : "warming up",
            Math.max(left, 0),
            point.rate(),
            work.count().getAsLong(),
            work.plural(),
            work.details().get(),
            latency.p99Ns() / NS_PER_MS,
            point.serverPercent(),
            point.generatorPercent());
  }

  private void readCompilers() {
    if (compilers != null) {
      compilers.read();
    }
  }

  private void finish(long nowNs) {
    last = edge(nowNs);
    readCompilers();
    contention.end();
    over = true;
    measuring = false;
    rig.progress().clear();
  }

  /// Operations in the measured time.
  long counted() {
    return last.count - first.count;
  }

  double seconds() {
    return (last.ns - first.ns) / NS_PER_SECOND;
  }

  /// Adds rate, cost and a remark on what was the limit.
  void report() {
    double seconds = seconds();
    findings.figure(
        work.plural() + "_per_second",
        work.plural() + " per second",
        counted() / seconds,
        Unit.PER_SECOND);
    ServerProcess server = rig.server();
    double serverPercent = 0;
    if (server != null) {
      CpuTime cpu = last.cpu.since(first.cpu);
      serverPercent = cpu.total() / seconds * 100;
      reportCost(cpu);
      findings.figure("server_cpu_percent", "server CPU (one core)", serverPercent, Unit.PERCENT);
      reportCompilers(cpu.total());
      findings.figure(
          "server_rss_bytes", "server memory (RSS)", (double) server.rss(), Unit.PROCESS_BYTES);
    }
    double busy = 100 - (last.idleNs - first.idleNs) / NS_PER_SECOND / seconds * 100;
    findings.figure("generator_busy_percent", "generator busy", busy, Unit.PERCENT);
    judge(busy, serverPercent, server != null);
    contention.report(findings, seconds);
  }

  private void reportCost(CpuTime cpu) {
    long operations = Math.max(counted(), 1);
    String key = work.operation();
    cost("server_cpu_us_per_" + key, "server CPU per " + key, cpu.total() / operations);
    cost("server_user_us_per_" + key, "  user", cpu.user() / operations);
    cost("server_system_us_per_" + key, "  system", cpu.system() / operations);
  }

  /// Shares of the server's CPU time; nothing if it has no such compilers.
  private void reportCompilers(double cpuSeconds) {
    if (compilers == null || !compilers.isThere() || cpuSeconds <= 0) {
      return;
    }
    double c2Percent = compilers.c2() / cpuSeconds * 100;
    double percent = compilers.c1() / cpuSeconds * 100 + c2Percent;
    findings.figure("jit_percent", "  JIT compilers", percent, Unit.PERCENT);
    findings.figure("c2_percent", "  C2 of them", c2Percent, Unit.PERCENT);
    if (c2Percent > COLD) {
      findings.remark(
          ("The server was still compiling: C2 had %.0f %% of its CPU time; warm it up for longer"
                  + " (--warmup).")
              .formatted(c2Percent));
    }
  }

  private void cost(String key, String title, double seconds) {
    findings.figure(key, title, seconds * 1e6, Unit.MICROSECONDS);
  }

  private void judge(double busy, double serverPercent, boolean serverKnown) {
    if (busy < SATURATED) {
      return;
    }
    if (!serverKnown) {
      findings.remark(
          "The generator was busy %.0f %% of the time; use --pid to see whether it was the limit."
              .formatted(busy));
    } else if (serverPercent < SATURATED) {
      findings.remark(
          "The generator was the limit: it was busy %.0f %% of the time, the server %.0f %% of a core."
              .formatted(busy, serverPercent));
    } else {
      findings.remark("Generator and server were both saturated; rate and latency depend on both.");
    }
  }

  private Edge edge(long nowNs) {
    ServerProcess server = rig.server();
    CpuTime cpu = server == null ? new CpuTime(0, 0) : server.cpu();
    return new Edge(nowNs, work.count().getAsLong(), rig.loop().idleNs(), cpu);
  }

  /// Clocks and counters at one moment.
  private record Edge(long ns, long count, long idleNs, CpuTime cpu) {}
}
