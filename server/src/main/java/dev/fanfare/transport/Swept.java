package dev.fanfare.transport;

/// Something that wants to look at the clock now and then. Confined to one lane.
interface Swept {

  /// Called about once a second.
  void onSweep(long nowNs);
}
