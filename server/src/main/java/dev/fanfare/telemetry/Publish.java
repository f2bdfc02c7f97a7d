package dev.fanfare.telemetry;

import dev.fanfare.channel.PublishSpans;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The span of a request to publish, and those of its events. Confined to the thread that
/// publishes, and from its end on to the [Exporter].
final class Publish implements PublishSpans.Span {

  final TraceParent parent;
  final long id;
  final String app;
  final long beganNs;
  final List<Delivery> deliveries = new ArrayList<>();
  private final Clock clock;
  private final Supplier<String> address;
  private final Consumer<Publish> ended;
  private long endedNs;

  /// Why it was refused; null if it was not. Set at its end.
  @Nullable String refusal;

  /// @param ended is given it at its end
  Publish(
      TraceParent parent,
      long id,
      String app,
      Clock clock,
      Supplier<String> address,
      Consumer<Publish> ended) {
    this.parent = parent;
    this.id = id;
    this.app = app;
    this.clock = clock;
    this.beganNs = clock.nowNs();
    this.address = address;
    this.ended = ended;
  }

  @Override
  public String get() {
    return address.get();
  }

  @Override
  public void end(@Nullable String why) {
    endedNs = clock.nowNs();
    refusal = why;
    ended.accept(this);
  }

  long endedNs() {
    return endedNs;
  }

  /// Spans that it has.
  int size() {
    return 1 + deliveries.size();
  }

  /// True if every lane has handed over every event.
  boolean isOver() {
    return deliveries.stream().allMatch(Delivery::isOver);
  }
}
