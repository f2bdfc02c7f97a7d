package dev.fanfare.console.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A publish that a user of the console asks for: gives the user's address, as that of the
/// publisher, and collects the traces that begin with it. Confined to the thread that publishes,
/// except [#get].
public final class OwnPublish implements Supplier<String> {

  private final String address;
  private final List<EventTrace> traces = new ArrayList<>();

  /// @param address of the user
  public OwnPublish(String address) {
    this.address = address;
  }

  @Override
  public String get() {
    return address;
  }

  /// A trace has begun.
  public void add(EventTrace trace) {
    traces.add(trace);
  }

  /// What was published, in order: one for each channel.
  public List<EventTrace> traces() {
    return List.copyOf(traces);
  }
}
