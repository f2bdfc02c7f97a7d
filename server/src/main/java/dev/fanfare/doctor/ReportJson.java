package dev.fanfare.doctor;

import dev.fanfare.protocol.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A report for machines.
public final class ReportJson {

  private ReportJson() {}

  /// One object; times in milliseconds.
  ///
  /// @param block what to paste into the proxy, if it is to blame and known
  public static String of(Report report, @Nullable String block) {
    Json.Writer json =
        Json.object()
            .field("url", report.url())
            .field("result", report.isGood() ? "passed" : "failed")
            .startArray("steps");
    report.lines().forEach(line -> append(json, line));
    json.endArray();
    ProxyKind proxy = report.proxy();
    if (proxy != null) {
      json.field("proxy", proxy.name().toLowerCase(Locale.ROOT));
    }
    if (block != null) {
      json.field("proxy_block", block);
    }
    return json.text();
  }

  private static void append(Json.Writer json, Report.Line line) {
    json.startElement().field("step", line.step().name().toLowerCase(Locale.ROOT));
    switch (line.outcome()) {
      case Outcome.Passed _ -> json.field("result", "passed");
      case Outcome.Warned warned -> json.field("result", "warned").field("remedy", warned.remedy());
      case Outcome.Failed failed -> json.field("result", "failed").field("remedy", failed.remedy());
      case Outcome.Skipped _ -> json.field("result", "skipped");
    }
    json.field("finding", line.outcome().finding()).field("ms", line.ms()).endObject();
  }
}
