/// Publishes as parts of their publishers' traces, exported by OTLP over HTTP: [Spans] begins and
/// counts them, [Exporter] sends them. Nothing of it is loaded unless `otlp_traces_url` is set.
@NullMarked
package dev.fanfare.telemetry;

import org.jspecify.annotations.NullMarked;
