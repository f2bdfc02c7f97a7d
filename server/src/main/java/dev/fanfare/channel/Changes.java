package dev.fanfare.channel;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;

/// The one sink for what is decided about channels. Immutable; any thread.
///
/// A listener that fails is logged: neither the decision nor another listener is affected by it.
public final class Changes {

  /// Nothing is notified.
  public static final Changes NONE = new Changes(List.of());

  private static final Logger log = Component.CHANNELS.logger();

  private final ChangeListener[] listeners;

  /// @param listeners are notified in this order
  public Changes(List<ChangeListener> listeners) {
    this.listeners = listeners.toArray(ChangeListener[]::new);
  }

  /// These listeners, and after them the others.
  public Changes and(ChangeListener... others) {
    return new Changes(Stream.concat(Arrays.stream(listeners), Arrays.stream(others)).toList());
  }

  void report(Change change) {
    for (ChangeListener listener : listeners) {
      try {
        listener.onChange(change);
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        if (LineBudget.FAULTS.permits(log)) {
          log.error("failed to report a change of a channel; others are not affected", e);
        }
      }
    }
  }
}
