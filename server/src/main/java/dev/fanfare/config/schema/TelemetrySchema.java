package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.telemetry.TelemetryOptions;
import java.util.List;
import java.util.regex.Pattern;

/// The options of traces: keys below `server:`, variables `FANFARE_OTLP…`.
public final class TelemetrySchema {

  static final Option<String> OTLP_TRACES_URL =
      Option.atStart(
          "otlp_traces_url",
          new Kind.Text(
              Pattern.compile("|https?://[A-Za-z0-9.\\[\\]:-]{1,253}(?:/[!-~&&[^?#]]{0,1000})?"),
              "empty, or an http or https URL without user and query"),
          TelemetryOptions.OFF.tracesUrl(),
          "Where publishes with a `traceparent` header are sent as spans, by OTLP over HTTP in"
              + " JSON, such as `http://127.0.0.1:4318/v1/traces`. Empty (the default) sends"
              + " none.");

  static final List<Option<?>> ALL = List.of(OTLP_TRACES_URL);

  private TelemetrySchema() {}

  public static TelemetryOptions options(Section server) {
    return new TelemetryOptions(server.get(OTLP_TRACES_URL));
  }
}
