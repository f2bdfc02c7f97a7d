package dev.fanfare.loadtest.report;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Results as JSON: one object with `tool`, `format` and the list `runs`.
public final class ResultFile {

  private static final String TOOL = "fanfare-loadtest";

  /// Raised when a reader of older files could not make sense of newer ones.
  private static final int FORMAT = 1;

  private static final double PRECISION = 1e4;

  private ResultFile() {}

  public static void write(Path file, List<RunResult> results) {
    text(file, json(results));
  }

  /// Writes any text, or refuses with the reason.
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

  /// The text of a file of results, checked to be one.
  public static String read(Path file) {
    try {
      String text = Files.readString(file);
      String[] tool = {""};
      Json.readObject(
          text,
          (name, value) -> {
            if (name.equals("tool")) {
              tool[0] = value.literal();
            }
          });
      if (!tool[0].equals(TOOL)) {
        throw new Refusal(file + " was not written by " + TOOL + ".");
      }
      return text;
    } catch (IOException e) {
      throw new Refusal("Cannot read " + file + ": " + e.getMessage() + ".");
    } catch (MalformedJson e) {
      throw new Refusal(file + " is not JSON: " + e.reason() + ".");
    }
  }

  public static String json(List<RunResult> results) {
    Json.Writer out = Json.object().field("tool", TOOL).field("format", FORMAT).startArray("runs");
    results.forEach(result -> write(out.startElement(), result));
    return out.endArray().text();
  }

  private static void write(Json.Writer out, RunResult result) {
    out.field("scenario", result.scenario())
        .field("title", result.title())
        .field("server", result.server())
        .field("startedAt", result.startedAt())
        .startObject("settings");
    result.settings().forEach(out::field);
    out.endObject().startArray("figures");
    for (Figure figure : result.figures()) {
      out.startElement().field("key", figure.key()).field("title", figure.title());
      number(out, "value", figure.value());
      out.field("unit", figure.unit().symbol()).field("text", figure.text()).endObject();
    }
    out.endArray().startArray("latencies");
    result.latencies().forEach(latency -> write(out.startElement(), latency));
    out.endArray().startArray("timeline");
    result.timeline().forEach(point -> write(out.startElement(), point));
    out.endArray().strings("remarks", result.remarks()).strings("failures", result.failures());
    if (!result.judgements().isEmpty()) {
      out.startArray("goals");
      result.judgements().forEach(judgement -> write(out.startElement(), judgement));
      out.endArray();
    }
    out.endObject();
  }

  private static void write(Json.Writer out, Judgement judgement) {
    out.field("key", judgement.key())
        .field("bound", judgement.bound())
        .field("met", judgement.met())
        .endObject();
  }

  private static void write(Json.Writer out, Latency latency) {
    out.field("name", latency.name()).field("count", latency.count());
    number(out, "meanUs", latency.meanUs());
    out.startArray("points");
    for (Latency.Point point : latency.points()) {
      number(out.startElement(), "quantile", point.quantile());
      number(out, "us", point.us());
      out.endObject();
    }
    out.endArray().endObject();
  }

  private static void write(Json.Writer out, TimePoint point) {
    number(out, "second", point.second());
    number(out, "rate", point.rate());
    number(out, "p50Us", point.p50Us());
    number(out, "p99Us", point.p99Us());
    number(out, "serverPercent", point.serverPercent());
    number(out, "generatorPercent", point.generatorPercent());
    out.endObject();
  }

  private static void number(Json.Writer out, String name, double value) {
    boolean known = Double.isFinite(value);
    out.json(name, known ? Double.toString(Math.rint(value * PRECISION) / PRECISION) : "null");
  }
}
