package dev.fanfare.transport.http;

import dev.fanfare.transport.HttpSockets;
import dev.fanfare.transport.LaneContext;
import io.netty.channel.Channel;

/// What one HTTP socket is doing, for those that decide which sockets to close. Confined to its
/// lane.
final class HttpActivity implements HttpSockets.Activity {

  private final Channel socket;
  private final LaneContext context;
  private final ResponseWriter responses;
  private final RequestClock clock;

  /// When the last request was complete or answered late, or else the socket was accepted.
  private long usedAtNs;

  HttpActivity(Channel socket, LaneContext context, ResponseWriter responses, RequestClock clock) {
    this.socket = socket;
    this.context = context;
    this.responses = responses;
    this.clock = clock;
    this.usedAtNs = context.nowNs();
  }

  /// A request is complete, or was answered late.
  void touch() {
    usedAtNs = context.nowNs();
  }

  /// Nanoseconds since the socket was last used.
  long unusedNs(long nowNs) {
    return nowNs - usedAtNs;
  }

  @Override
  public boolean isLingering() {
    return responses.haveEnded() && socket.isOpen();
  }

  @Override
  public boolean isIdle(long nowNs, long minNs) {
    return unusedNs(nowNs) >= minNs
        && isServed()
        && !clock.isRunning()
        && socket.bytesBeforeUnwritable() >= socket.config().getWriteBufferHighWaterMark();
  }

  @Override
  public boolean isUnfinished(long nowNs, long minNs) {
    return clock.isRunning() && isServed() && clock.ageNs(nowNs) >= minNs;
  }

  /// Nanoseconds for which a socket that is read from may be left alone; 0 while it is busy.
  long restNs(long nowNs, long keepAliveNs) {
    if (context.http().isDraining()) {
      return 0;
    }
    if (responses.isWatched()) {
      return keepAliveNs; // whatever it waits for checks its own time
    }
    if (clock.isRunning() || !clock.hadRequest()) {
      return clock.leftNs(nowNs);
    }
    return isIdle(nowNs, 0) ? keepAliveNs - unusedNs(nowNs) : 0;
  }

  private boolean isServed() {
    return socket.isOpen() && !responses.haveEnded() && !responses.isAwaited();
  }

  @Override
  public boolean isStranger() {
    return !clock.hadRequest() && !clock.hasHead();
  }
}
