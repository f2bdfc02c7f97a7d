package dev.fanfare.transport;

/// Something that is checked about once a second. Confined to one lane.
interface Swept {

  /// Called about once a second.
  void onSweep(long nowNs);

  /// The index in [Heartbeat], which alone uses it.
  int sweepIndex();

  void setSweepIndex(int index);
}
