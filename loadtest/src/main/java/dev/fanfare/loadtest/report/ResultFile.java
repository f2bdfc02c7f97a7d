package dev.fanfare.loadtest.report;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Results as JSON: one object with `tool`, `format`, `environment` and the list `runs`.
public final class ResultFile {

  private static final String TOOL = "fanfare-loadtest";

  /// Raised when readers of older files could not read newer ones.
  private static final int FORMAT = 1;

  private static final double PRECISION = 1e4;

  private ResultFile() {}

  public static void write(Path file, Map<String, String> environment, List<RunResult> results) {
    text(file, json(environment, results));
  }

  /// Writes any text; throws a refusal with the reason if that fails.
  public static void text(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new Refusal("Cannot write " + file + ": " + e.getMessage() + ".");
    }
  }

  /// The text of a result file; throws a refusal if it is not one.
  public static String read(Path file) {
    try {
      String text = Files.readString(file);
      if (!JsonDocument.readObject(text).path("tool").asString("").equals(TOOL)) {
        throw new Refusal(file + " was not written by " + TOOL + ".");
      }
      return text;
    } catch (IOException e) {
      throw new Refusal("Cannot read " + file + ": " + e.getMessage() + ".");
    } catch (MalformedJson e) {
      throw new Refusal(file + " is not JSON: " + e.reason() + ".");
    }
  }

  /// The text of a result file.
  ///
  /// @param environment where the results come from, by name
  public static String json(Map<String, String> environment, List<RunResult> results) {
    ObjectNode file = JsonDocument.object().put("tool", TOOL).put("format", FORMAT);
    putAll(file.putObject("environment"), environment);
    ArrayNode runs = file.putArray("runs");
    results.forEach(result -> fill(runs.addObject(), result));
    return JsonDocument.text(file);
  }

  private static void putAll(ObjectNode object, Map<String, String> texts) {
    texts.forEach(object::put);
  }

  private static void fill(ObjectNode run, RunResult result) {
    run.put("scenario", result.scenario())
        .put("title", result.title())
        .put("server", result.server())
        .put("startedAt", result.startedAt());
    putAll(run.putObject("settings"), result.settings());
    ArrayNode figures = run.putArray("figures");
    result.figures().forEach(figure -> fill(figures.addObject(), figure));
    ArrayNode latencies = run.putArray("latencies");
    result.latencies().forEach(latency -> fill(latencies.addObject(), latency));
    ArrayNode timeline = run.putArray("timeline");
    result.timeline().forEach(point -> fill(timeline.addObject(), point));
    ArrayNode remarks = run.putArray("remarks");
    result.remarks().forEach(remarks::add);
    ArrayNode failures = run.putArray("failures");
    result.failures().forEach(failures::add);
    if (!result.goalResults().isEmpty()) {
      ArrayNode goals = run.putArray("goals");
      result.goalResults().forEach(goal -> fill(goals.addObject(), goal));
    }
  }

  private static void fill(ObjectNode object, Figure figure) {
    object.put("key", figure.key()).put("title", figure.title());
    number(object, "value", figure.value());
    object.put("unit", figure.unit().symbol()).put("text", figure.text());
    if (figure.hasRange()) {
      number(object, "min", figure.min());
      number(object, "max", figure.max());
      object.put("range", figure.range());
    }
  }

  private static void fill(ObjectNode object, GoalResult goal) {
    object.put("key", goal.key()).put("bound", goal.bound()).put("met", goal.met());
  }

  private static void fill(ObjectNode object, Latency latency) {
    object.put("name", latency.name()).put("count", latency.count());
    number(object, "meanUs", latency.meanUs());
    ArrayNode points = object.putArray("points");
    for (Latency.Point each : latency.points()) {
      ObjectNode point = points.addObject();
      number(point, "quantile", each.quantile());
      number(point, "us", each.us());
    }
  }

  private static void fill(ObjectNode object, TimePoint point) {
    number(object, "second", point.second());
    number(object, "rate", point.rate());
    number(object, "p50Us", point.p50Us());
    number(object, "p99Us", point.p99Us());
    number(object, "serverPercent", point.serverPercent());
    number(object, "generatorPercent", point.generatorPercent());
  }

  private static void number(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, Math.rint(value * PRECISION) / PRECISION);
    } else {
      object.putNull(name);
    }
  }
}
