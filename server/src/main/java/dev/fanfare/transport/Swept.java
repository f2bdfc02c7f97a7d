package dev.fanfare.transport;

/// Something that wants to look at the clock now and then. Confined to one lane.
interface Swept {

  /// Called about once a second.
  void onSweep(long nowNs);

  /// Where this stands in [Heartbeat]; remembered for it, and for nothing else.
  int sweepIndex();

  void setSweepIndex(int index);
}
