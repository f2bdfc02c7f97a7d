package dev.fanfare.transport.http;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.tls.FirstByte;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/// Sees a socket's bytes before they are decoded, and so knows how long a request has been
/// arriving: a client that sends a byte now and then must not hold a socket indefinitely. It also
/// detects TLS, for which the decoder would wait until the time-out. Confined to its lane.
///
/// Bytes that arrive in the same read as the end of the previous request count from the next read.
final class RequestClock extends ChannelInboundHandlerAdapter {

  private final LaneContext context;
  private final ServerOptions options;
  private final Runnable onBegin;
  private final Runnable onTls;
  private final long acceptedAtNs;

  /// When the first byte of the unfinished request arrived; 0 between requests.
  private long startedAtNs;

  private boolean hadRequest;

  /// True if the head of the unfinished request has arrived.
  private boolean hasHead;

  /// @param onBegin runs when the first byte of a request has arrived
  /// @param onTls sends the last response when the first byte is TLS, which is not enabled here
  RequestClock(LaneContext context, ServerOptions options, Runnable onBegin, Runnable onTls) {
    this.context = context;
    this.options = options;
    this.onBegin = onBegin;
    this.onTls = onTls;
    this.acceptedAtNs = context.nowNs();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (startedAtNs == 0) {
      startedAtNs = context.nowNs();
      onBegin.run();
      if (!hadRequest && message instanceof ByteBuf bytes && FirstByte.isTls(bytes)) {
        bytes.release();
        onTls.run();
        return;
      }
    }
    ctx.fireChannelRead(message);
  }

  /// The request's head has arrived.
  void onHead() {
    hasHead = true;
  }

  /// The request has arrived in full.
  void onComplete() {
    hasHead = false;
    startedAtNs = 0;
    hadRequest = true;
  }

  /// True if part of a request has arrived.
  boolean isRunning() {
    return startedAtNs != 0;
  }

  /// True once a request has arrived in full.
  boolean hadRequest() {
    return hadRequest;
  }

  /// True if a request's head has arrived and its body has not.
  boolean hasHead() {
    return hasHead;
  }

  /// Nanoseconds since the first byte of the unfinished request, or since the connection was made
  /// if none has been complete.
  long ageNs(long nowNs) {
    return nowNs - sinceNs();
  }

  private long sinceNs() {
    return hadRequest && isRunning() ? startedAtNs : acceptedAtNs;
  }

  /// Fails if something has taken too long.
  Parsed<Parsed.Passed> check(long nowNs) {
    boolean isExpected = isRunning() || !hadRequest;
    if (isExpected && !hasHead && isPast(sinceNs(), options.headTimeoutSeconds(), nowNs)) {
      return new Parsed.Bad<>(
          "The head of the request was not complete "
              + options.headTimeoutSeconds()
              + " seconds after "
              + (hadRequest ? "its first byte" : "the connection was made")
              + " (head_timeout_seconds)");
    }
    if (!hadRequest && isPast(acceptedAtNs, options.handshakeTimeoutSeconds(), nowNs)) {
      return new Parsed.Bad<>(
          "The first request was not complete "
              + options.handshakeTimeoutSeconds()
              + " seconds after the connection was made (handshake_timeout_seconds)");
    }
    return isRunning() && isPast(startedAtNs, options.requestTimeoutSeconds(), nowNs)
        ? new Parsed.Bad<>(
            "The request was not complete "
                + options.requestTimeoutSeconds()
                + " seconds after its first byte (request_timeout_seconds)")
        : Parsed.PASSED;
  }

  /// Nanoseconds until [#check] fails, unless more arrives; [Long#MAX_VALUE] for never.
  long leftNs(long nowNs) {
    long leftNs = Long.MAX_VALUE;
    if ((isRunning() || !hadRequest) && !hasHead) {
      leftNs = leftNs(sinceNs(), options.headTimeoutSeconds(), nowNs);
    }
    if (!hadRequest) {
      leftNs = Math.min(leftNs, leftNs(acceptedAtNs, options.handshakeTimeoutSeconds(), nowNs));
    }
    return isRunning()
        ? Math.min(leftNs, leftNs(startedAtNs, options.requestTimeoutSeconds(), nowNs))
        : leftNs;
  }

  private static boolean isPast(long sinceNs, int seconds, long nowNs) {
    return leftNs(sinceNs, seconds, nowNs) <= 0;
  }

  private static long leftNs(long sinceNs, int seconds, long nowNs) {
    return TimeUnit.SECONDS.toNanos(seconds) - (nowNs - sinceNs);
  }
}
