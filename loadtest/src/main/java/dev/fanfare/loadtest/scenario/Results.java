package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.RunResultBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Converts findings to a result.
final class Results {

  private static final double NS_PER_SECOND = 1e9;

  private Results() {}

  static RunResult of(Scenario scenario, Rig rig, Load load, Findings findings) {
    return RunResultBuilder.builder()
        .scenario(scenario.name())
        .title(scenario.title(load))
        .server(rig.serverName())
        .startedAt(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .settings(settings(load))
        .figures(findings.figures())
        .latencies(findings.latencies())
        .timeline(findings.timeline())
        .remarks(findings.remarks())
        .failures(findings.failures())
        .goalResults(List.of())
        .build();
  }

  private static Map<String, String> settings(Load load) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("connections", Integer.toString(load.connections()));
    settings.put("channels", Integer.toString(load.channels()));
    settings.put("publishers", Integer.toString(load.publishers()));
    settings.put("window", Integer.toString(load.window()));
    settings.put(
        "max undelivered",
        load.maxUndelivered() == 0 ? "any number" : Integer.toString(load.maxUndelivered()));
    settings.put(
        "rate", load.rate() == 0 ? "as fast as acknowledged" : Titles.number(load.rate()) + "/s");
    if (load.rate() > 0) {
      settings.put(
          "warm-up rate",
          load.warmupRate() == 0
              ? "as fast as acknowledged"
              : Titles.number(load.warmupRate()) + "/s");
    }
    settings.put("size", load.size() + " B");
    settings.put("private", Boolean.toString(load.privateChannels()));
    settings.put("via", load.via().toString());
    if (load.compressedPercent() > 0) {
      settings.put("compressed", load.compressedPercent() + " %");
    }
    if (load.stalled() > 0) {
      settings.put("stalled", Integer.toString(load.stalled()));
    }
    if (load.probe()) {
      settings.put("probe", "true");
    }
    settings.put("warm-up", Titles.number(load.warmupNs() / NS_PER_SECOND) + " s");
    settings.put("duration", Titles.number(load.seconds()) + " s");
    return settings;
  }
}
