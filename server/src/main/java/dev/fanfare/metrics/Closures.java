package dev.fanfare.metrics;

import dev.fanfare.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// One app's closed connections, by close code. Clients may send any of thousands of codes; unknown
/// ones are counted together. Any thread.
final class Closures {

  /// The client sent a close frame without a code (RFC 6455 7.1.5).
  private static final int NO_CODE = 1005;

  /// TCP was closed without a close frame.
  private static final int ABNORMAL = 1006;

  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final String appId;
  private final Map<Integer, Counter> known = new ConcurrentHashMap<>();
  private final Counter other;
  private final LongAdder total = new LongAdder();

  Closures(MeterRegistry registry, String appId) {
    this.registry = registry;
    this.appId = appId;
    Arrays.stream(CloseCode.values()).forEach(code -> register(code.code()));
    register(NO_CODE);
    register(ABNORMAL);
    other = counter(OTHER);
  }

  /// @param code as on the wire; negative if the client sent none
  void count(int code) {
    known.getOrDefault(code < 0 ? NO_CODE : code, other).increment();
    total.increment();
  }

  /// All connections closed so far.
  long total() {
    return total.sum();
  }

  private void register(int code) {
    known.put(code, counter(String.valueOf(code)));
  }

  private Counter counter(String code) {
    return Counter.builder("fanfare.connections.closed")
        .description("Closed connections, by close code")
        .tag("app", appId)
        .tag("code", code)
        .register(registry);
  }
}
