package dev.fanfare.doctor.report;

import dev.fanfare.protocol.JsonDocument;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A report as JSON.
public final class ReportJson {

  private ReportJson() {}

  /// One object; times in milliseconds.
  ///
  /// @param block the configuration to paste into the proxy; null if the proxy is fine or unknown
  public static String of(Report report, @Nullable String block) {
    ObjectNode json =
        JsonDocument.object()
            .put("url", report.url())
            .put("result", report.isGood() ? "passed" : "failed");
    ArrayNode steps = json.putArray("steps");
    report.lines().forEach(line -> append(steps.addObject(), line));
    ProxyKind proxy = report.proxy();
    if (proxy != null) {
      json.put("proxy", proxy.name().toLowerCase(Locale.ROOT));
    }
    if (block != null) {
      json.put("proxy_block", block);
    }
    return JsonDocument.text(json);
  }

  /// The same for an engine.
  public static String of(EngineReport report) {
    ObjectNode json =
        JsonDocument.object()
            .put("url", report.address())
            .put("result", report.isGood() ? "passed" : "failed");
    ArrayNode steps = json.putArray("steps");
    report
        .lines()
        .forEach(line ->
            append(
                steps.addObject(),
                line.title().toLowerCase(Locale.ROOT).replace(' ', '_'),
                line.outcome(),
                line.ms()));
    return JsonDocument.text(json);
  }

  private static void append(ObjectNode step, Report.Line line) {
    append(step, line.step().name().toLowerCase(Locale.ROOT), line.outcome(), line.ms());
  }

  private static void append(ObjectNode step, String name, Outcome outcome, long ms) {
    step.put("step", name);
    switch (outcome) {
      case Outcome.Passed _ -> step.put("result", "passed");
      case Outcome.Warned warned -> step.put("result", "warned").put("remedy", warned.remedy());
      case Outcome.Failed failed -> step.put("result", "failed").put("remedy", failed.remedy());
      case Outcome.Skipped _ -> step.put("result", "skipped");
    }
    step.put("finding", outcome.finding()).put("ms", ms);
  }
}
