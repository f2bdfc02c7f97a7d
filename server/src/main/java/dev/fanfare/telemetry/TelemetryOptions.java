package dev.fanfare.telemetry;

/// Where traces are sent.
///
/// @param tracesUrl of a receiver of OTLP over HTTP; empty for none
public record TelemetryOptions(String tracesUrl) {

  public static final TelemetryOptions OFF = new TelemetryOptions("");
}
