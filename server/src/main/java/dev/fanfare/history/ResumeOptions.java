package dev.fanfare.history;

import io.soabase.recordbuilder.core.RecordBuilder;

/// How clients that come back are served, by the whole server.
///
/// @param acknowledgeMilliseconds a client is asked at most that often what it has received
/// @param overlapMilliseconds a client that comes back gets the confirmed events of that time again
/// @param maxConnections that have ended and whose positions wait
@RecordBuilder
public record ResumeOptions(
    int acknowledgeMilliseconds, int overlapMilliseconds, int maxConnections)
    implements ResumeOptionsBuilder.With {

  public static final ResumeOptions DEFAULTS = new ResumeOptions(2_000, 0, 100_000);
}
