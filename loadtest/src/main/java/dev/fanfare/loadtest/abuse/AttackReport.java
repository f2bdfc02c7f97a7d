package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.Tally;
import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.RunResultBuilder;
import dev.fanfare.loadtest.report.Unit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects what one attack did, as a result. Confined to one thread.
final class AttackReport {

  /// Kinds of latency that users notice; their greatest p99 is that of the bystanders.
  private static final List<String> NOTICED = List.of("delivery", "publish", "ping", "health");

  private static final double NS_PER_SECOND = 1e9;

  private final String server;
  private final AttackKind kind;
  private final AbusePlan plan;
  private final Findings findings = new Findings();
  private final Map<String, String> settings = new LinkedHashMap<>();

  AttackReport(String server, AttackKind kind, AbusePlan plan) {
    this.server = server;
    this.kind = kind;
    this.plan = plan;
    settings.put("attack", kind.description());
    settings.put("sockets", Integer.toString(Math.min(kind.maxSockets(), plan.sockets())));
    settings.put("duration", plan.durationNs() / NS_PER_SECOND + " s");
  }

  void latencies(List<Latency> latencies) {
    for (Phase phase : Phase.values()) {
      double p99 =
          latencies.stream()
              .filter(latency ->
                  NOTICED.stream().anyMatch(name -> latency.name().equals(name(name, phase))))
              .mapToDouble(latency -> latency.at(0.99))
              .max()
              .orElse(0);
      findings.figure(
          "bystanders_" + phase.title() + "_p99_us",
          "bystanders " + phase.title() + " p99",
          p99,
          Unit.LATENCY);
    }
    for (Latency latency : latencies) {
      findings.latency(latency);
    }
  }

  private static String name(String kind, Phase phase) {
    return kind + " " + phase.title();
  }

  void attack(Tally.Totals totals) {
    long refused =
        totals.answers().entrySet().stream()
            .filter(each -> !each.getKey().matches("HTTP 2..|subscription_succeeded"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    count("attack_connections", "connections of attackers", totals.connections());
    count("attack_messages", "messages of attackers", totals.sends());
    count("attack_refused", "refused or closed", refused);
    settings.put("answers", totals.text());
  }

  void usage(ServerWatch.Usage before, ServerWatch.Usage peak, ServerWatch.Usage after) {
    Unit bytes = Unit.PROCESS_BYTES;
    triple("rss", "RSS", bytes, before.rss(), peak.rss(), after.rss());
    triple("heap", "heap", bytes, before.heap(), peak.heap(), after.heap());
    triple("held", "held for peers", bytes, before.held(), peak.held(), after.held());
    triple("files", "open files", Unit.COUNT, before.files(), peak.files(), after.files());
  }

  private void triple(String key, String title, Unit unit, long before, long peak, long after) {
    findings
        .figure(key + "_before", title + " before", (double) before, unit)
        .figure(key + "_peak", title + ", peak", (double) peak, unit)
        .figure(key + "_after", title + " after", (double) after, unit);
  }

  private void count(String key, String title, long value) {
    findings.figure(key, title, (double) value, Unit.COUNT);
  }

  void deliveries(Deliveries.Check check) {
    count("published", "events published by bystanders", check.published());
    count("refused", "of those, refused", check.published() - check.accepted());
    findings
        .mustBeZero("lost", "deliveries lost", check.lost())
        .mustBeZero("duplicated", "deliveries duplicated", check.duplicated())
        .mustBeZero("out_of_order", "deliveries out of order", check.outOfOrder());
    if (!check.firstLost().isEmpty()) {
      findings.failure("The first lost one: " + check.firstLost() + ".");
    }
  }

  /// @param left what is not as before, empty if everything is
  /// @param troubles of bystanders
  void facts(boolean alive, String left, List<String> troubles) {
    if (!alive) {
      findings.failure("The server's process has ended.");
    }
    if (!left.isEmpty()) {
      findings.failure(
          "Not as before after %.0f s: %s.".formatted(plan.recoveryNs() / NS_PER_SECOND, left));
    }
    troubles.forEach(trouble -> findings.failure(trouble + "."));
  }

  RunResult result() {
    return RunResultBuilder.builder()
        .scenario("abuse")
        .title(kind.name())
        .server(server)
        .startedAt(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .settings(settings)
        .figures(findings.figures())
        .latencies(findings.latencies())
        .timeline(findings.timeline())
        .remarks(findings.remarks())
        .failures(findings.failures())
        .goalResults(List.of())
        .build();
  }
}
