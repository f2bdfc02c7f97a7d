package dev.fanfare.loadtest.scenario;

/// One source of events, in order within itself. Confined to the loop's thread.
interface Publisher {

  /// True if an event could be sent right now.
  boolean canSend();

  /// Sends one; call [#flush] after the last of a turn.
  void send(int channel, int sequence, int event, long intendedNs);

  void flush();

  /// Events that are not acknowledged yet, 0 if there are no acknowledgements.
  int unanswered();

  void close();
}
