package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.measure.CpuTime;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.TimePoint;
import dev.fanfare.loadtest.report.Unit;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The warm-up and the measured time of a run. Reads counters, clocks and processor times at the
/// edges and once per second, so that cost and work belong to the same span of time. Confined to
/// the loop's thread.
final class Window implements Agent {

  private static final long SECOND_NS = 1_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;
  private static final double NS_PER_US = 1e3;
  private static final long STALL_NS = 10 * SECOND_NS;

  /// Above this share of its time a loop has no room to spare.
  private static final double SATURATED = 95;

  /// Percent of the time without a core from which results are not to be trusted.
  private static final double NOISY = 5;

  private final Rig rig;
  private final Load load;
  private final String operation;
  private final LongSupplier count;
  private final LatencyTrack latency;
  private final Supplier<String> details;
  private final Findings findings;

  private final long startNs;
  private final long endNs;
  private Wait firstWait = new Wait(0, Map.of());
  private Wait lastWait = firstWait;
  private boolean measuring;
  private boolean over;
  private @Nullable String abortion;

  /// At the start of the measured time, and at the last second's edge.
  private Edge first;

  private Edge last;

  /// When the count last moved.
  private long movedNs;

  private long movedCount;

  /// @param operation what is counted, singular
  /// @param count how many so far
  /// @param latency the one shown while running
  /// @param details more for the progress line
  Window(
      Rig rig,
      Load load,
      String operation,
      LongSupplier count,
      LatencyTrack latency,
      Supplier<String> details,
      Findings findings) {
    this.rig = rig;
    this.load = load;
    this.operation = operation;
    this.count = count;
    this.latency = latency;
    this.details = details;
    this.findings = findings;
    long nowNs = System.nanoTime();
    startNs = nowNs + load.warmupNs();
    endNs = startNs + load.durationNs();
    first = edge(nowNs);
    last = first;
    movedNs = nowNs;
  }

  /// Runs the loop through warm-up and measured time; `work` is called once per turn.
  void run(Agent work) {
    boolean _ =
        rig.loop()
            .run(
                () -> over,
                endNs + STALL_NS,
                nowNs -> onTurn(nowNs) + (over ? 0 : work.onTurn(nowNs)));
    if (!over) {
      finish(System.nanoTime());
    }
  }

  /// Ends the run early; it will count as failed for this reason.
  void abort(String sentence) {
    if (abortion == null) {
      abortion = sentence;
      findings.failure(sentence);
    }
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
    if (nowNs - endNs >= 0 || abortion != null) {
      finish(nowNs);
    }
    return 0;
  }

  private void begin(long nowNs) {
    measuring = true;
    latency.restart();
    firstWait = waited();
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
    }
    rig.progress().show(line(point));
    last = now;
    if (now.count != movedCount) {
      movedCount = now.count;
      movedNs = nowNs;
    } else if (nowNs - movedNs >= STALL_NS && load.rate() == 0) {
      abort("Nothing happened for 10 seconds; the server has stalled or lost messages.");
    }
  }

  private String line(TimePoint point) {
    double left = (endNs - System.nanoTime()) / NS_PER_SECOND;
    return "%s %4.0f s left  %,11.0f %s/s  p99 %8.2f ms  server %3.0f %%  generator %3.0f %%  %s"
        .formatted(
            measuring ? "measuring" : "warm-up  ",
            Math.max(left, 0),
            point.rate(),
            operation,
            point.p99Us() / NS_PER_US,
            point.serverPercent(),
            point.generatorPercent(),
            details.get());
  }

  private void finish(long nowNs) {
    last = edge(nowNs);
    lastWait = waited();
    over = true;
    measuring = false;
    rig.progress().clear();
  }

  /// Operations within the measured time.
  long counted() {
    return last.count - first.count;
  }

  double seconds() {
    return (last.ns - first.ns) / NS_PER_SECOND;
  }

  /// Adds rate, cost and a verdict on who was the limit.
  void report(String plural) {
    double seconds = seconds();
    findings.figure(
        plural + "_per_second", plural + " per second", counted() / seconds, Unit.PER_SECOND);
    ServerProcess server = rig.server();
    double serverPercent = 0;
    if (server != null) {
      CpuTime cpu = last.cpu.since(first.cpu);
      serverPercent = cpu.total() / seconds * 100;
      reportCost(cpu);
      findings.figure("server_cpu_percent", "server CPU (one core)", serverPercent, Unit.PERCENT);
      findings.figure("server_rss_bytes", "server memory (RSS)", (double) server.rss(), Unit.BYTES);
    }
    double busy = 100 - (last.idleNs - first.idleNs) / NS_PER_SECOND / seconds * 100;
    findings.figure("generator_busy_percent", "generator busy", busy, Unit.PERCENT);
    judge(busy, serverPercent, server != null);
    reportNoise(seconds);
  }

  private void reportCost(CpuTime cpu) {
    long operations = Math.max(counted(), 1);
    String each = " CPU per " + operation;
    String key = operation.replace(' ', '_');
    cost("server_cpu_us_per_" + key, "server" + each, cpu.total() / operations);
    cost("server_user_us_per_" + key, "  user", cpu.user() / operations);
    cost("server_system_us_per_" + key, "  system", cpu.system() / operations);
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
          "The generator was busy %.0f %% of the time; with --pid it could tell who was the limit."
              .formatted(busy));
    } else if (serverPercent < SATURATED) {
      findings.remark(
          "The generator was the limit: it was busy %.0f %% of the time, the server %.0f %% of a core."
              .formatted(busy, serverPercent));
    } else {
      findings.remark(
          "Generator and server were both saturated; rate and latency are theirs together.");
    }
  }

  /// What others on the machine took away; small on a quiet one.
  private void reportNoise(double seconds) {
    double own = (lastWait.own - firstWait.own) / seconds * 100;
    double servers = lastWait.serverSince(firstWait) / seconds * 100;
    if (own > NOISY || servers > NOISY) {
      findings.remark(
          ("The machine was not quiet: for want of a core the generator waited %.0f %% of the time,"
                  + " the server %.0f %%. Rates and latencies would be better alone.")
              .formatted(own, servers));
    }
  }

  private Edge edge(long nowNs) {
    ServerProcess server = rig.server();
    CpuTime cpu = server == null ? new CpuTime(0, 0) : server.cpu();
    return new Edge(nowNs, count.getAsLong(), rig.loop().idleNs(), cpu);
  }

  private Wait waited() {
    ServerProcess server = rig.server();
    return new Wait(ServerProcess.selfWaited(), server == null ? Map.of() : server.waited());
  }

  /// Seconds without a core so far, of this thread and of each of the server's.
  private record Wait(double own, Map<Path, Double> server) {

    /// Of the server's thread that had to wait most.
    double serverSince(Wait before) {
      double most = 0;
      for (Map.Entry<Path, Double> thread : server.entrySet()) {
        double earlier = before.server.getOrDefault(thread.getKey(), 0.0);
        most = Math.max(most, thread.getValue() - earlier);
      }
      return most;
    }
  }

  /// What the clocks and counters show at one moment.
  private record Edge(long ns, long count, long idleNs, CpuTime cpu) {}
}
