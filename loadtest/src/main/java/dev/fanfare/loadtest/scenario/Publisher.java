package dev.fanfare.loadtest.scenario;

/// One source of events, in order within itself. Confined to the loop's thread.
interface Publisher {

  /// True if an event could be sent right now.
  boolean canSend();

  /// Makes the bytes of an event, signed if need be, so that sending it takes no time later.
  byte[] prepare(int channel, int sequence, int event);

  /// Sends what was prepared; call [#flush] after the last of a turn.
  void send(byte[] prepared, long intendedNs);

  void flush();

  /// Events that are not acknowledged yet, 0 if there are no acknowledgements.
  int unanswered();

  void close();
}
