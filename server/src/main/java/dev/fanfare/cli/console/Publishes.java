package dev.fanfare.cli.console;

import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Waits for publishes that the console remembers. Confined to one command.
public final class Publishes {

  private static final long PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// Most events are delivered within milliseconds; a walk may take longer.
  private static final int DELIVERY_PERIODS = 50;

  private final ConsoleClient console;

  public Publishes(ConsoleClient console) {
    this.console = console;
  }

  /// The number of the newest publish; 0 if there is none.
  public long newest() throws IOException {
    JsonNode found = console.get("/traces", "limit=1").path("traces").path(0);
    return found.isMissingNode() ? 0 : number(found);
  }

  /// The newest one to a channel; null if none is remembered.
  public @Nullable JsonNode last(String channel) throws IOException {
    Map<String, String> query = new TreeMap<>(Map.of("channel", channel, "limit", "1"));
    JsonNode found = console.get("/traces", SignedQuery.encoded(query)).path("traces").path(0);
    return found.isMissingNode() ? null : found;
  }

  /// The first one after another that is wanted, once it is there; null if there is none within
  /// that time.
  ///
  /// @param after the number of that other one
  public @Nullable JsonNode await(long after, Predicate<JsonNode> wanted, int seconds)
      throws IOException {
    long untilNs = NanoClock.SYSTEM.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      JsonNode first = null;
      for (JsonNode trace : console.get("/traces", "").path("traces")) { // newest first
        if (number(trace) > after && wanted.test(trace)) {
          first = trace;
        }
      }
      if (first != null || NanoClock.SYSTEM.nanoTime() - untilNs >= 0) {
        return first;
      }
      LockSupport.parkNanos(PERIOD_NS);
    }
  }

  /// The same publish once it is delivered, or has not been for a few seconds.
  public JsonNode delivered(JsonNode trace) throws IOException {
    JsonNode last = console.get("/traces/" + number(trace), "");
    for (int i = 0; i < DELIVERY_PERIODS && last.path("waiting").asBoolean(); i++) {
      LockSupport.parkNanos(PERIOD_NS);
      last = console.get("/traces/" + number(trace), "");
    }
    return last;
  }

  /// The ten steps of a publish to a connection.
  public JsonNode chain(JsonNode trace, String socketId) throws IOException {
    return console.get("/traces/" + number(trace) + "/to/" + SignedQuery.encoded(socketId), "");
  }

  private static long number(JsonNode trace) {
    return Long.parseLong(trace.path("id").asString("0"));
  }
}
