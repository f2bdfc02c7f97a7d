package dev.fanfare.transport;

import dev.fanfare.channel.lane.Lane;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.memory.Holdings;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.security.SecureRandom;

/// What the sockets of one event loop share. Confined to that loop; closed after it.
///
/// @param http the sockets that speak HTTP
/// @param date for their responses
/// @param requests what they hold of incomplete requests and messages
/// @param backlog what their peers have not read yet
/// @param input the time that their input may take
@RecordBuilder
public record LaneContext(
    Lane lane,
    Heartbeat heartbeat,
    HttpSockets http,
    DateHeader date,
    Deflation deflation,
    Inflation inflation,
    Holdings requests,
    Backlog backlog,
    InputBudget input,
    SecureRandom random,
    NanoClock clock)
    implements AutoCloseable {

  /// The current time, never 0, so that 0 can mean "not yet".
  public long nowNs() {
    long nowNs = clock.nanoTime();
    return nowNs == 0 ? 1 : nowNs;
  }

  @Override
  public void close() {
    deflation.close();
    inflation.close();
    backlog.close();
  }
}
