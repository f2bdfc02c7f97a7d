package dev.fanfare.metrics;

import dev.fanfare.app.DirectoryState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The look-up of apps that are in a database. Registered once; read by any thread.
final class DirectoryMeters {

  private DirectoryMeters() {}

  static void register(MeterRegistry registry, DirectoryState.Source source) {
    Gauge.builder("fanfare.apps.database.up", source, s -> s.state().isReachable() ? 1 : 0)
        .description("1 if the database of apps has answered the last query")
        .strongReference(true)
        .register(registry);
    Gauge.builder("fanfare.apps.cached", source, s -> s.state().apps())
        .description("Apps of the database that are in memory")
        .strongReference(true)
        .register(registry);
    Gauge.builder("fanfare.apps.lookups.waiting", source, s -> s.state().waiting())
        .description("Look-ups of apps that wait for the database")
        .strongReference(true)
        .register(registry);
    counter(source, "fanfare.apps.queries", DirectoryState::queries)
        .description("Queries to the database of apps")
        .register(registry);
    counter(source, "fanfare.apps.query.failures", DirectoryState::failures)
        .description("Queries that the database of apps did not answer")
        .register(registry);
    Map<String, ToLongFunction<DirectoryState>> results =
        Map.of(
            "found", state -> state.lookups().found(),
            "unknown", state -> state.lookups().unknown(),
            "failed", state -> state.lookups().failed());
    results.forEach((result, count) ->
        counter(source, "fanfare.apps.lookups", count)
            .description("Look-ups of apps that were not in memory")
            .tag("result", result)
            .register(registry));
  }

  private static FunctionCounter.Builder<DirectoryState.Source> counter(
      DirectoryState.Source source, String name, ToLongFunction<DirectoryState> count) {
    return FunctionCounter.builder(name, source, s -> count.applyAsLong(s.state()));
  }
}
