package dev.fanfare.loadtest.scenario;

/// One source of events, which keeps their order. Confined to the loop's thread.
interface Publisher {

  /// True if an event could be sent now.
  boolean canSend();

  /// Prepares the bytes of an event, signed if needed, so that sending takes no time later.
  byte[] prepare(int channel, int sequence, int event);

  /// Sends what was prepared; call [#flush] after the last of a turn.
  void send(byte[] prepared, long intendedNs);

  void flush();

  /// Events that are not acknowledged yet, 0 if there are no acknowledgements.
  int unanswered();

  void close();
}
