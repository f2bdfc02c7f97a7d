package dev.fanfare.transport.http;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.SocketInput.Hold;
import dev.fanfare.transport.Swept;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/// When one HTTP socket is closed: unread responses, a late request, no next request, a drain.
/// Confined to its lane.
final class HttpDeadlines extends Swept {

  /// How long a peer may leave its responses unread.
  private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(75);

  /// How long a socket must be idle during a drain before it is closed.
  private static final long DRAIN_IDLE_NS = TimeUnit.SECONDS.toNanos(1);

  private final HttpGateway gateway;
  private final Channel socket;
  private final LaneContext context;
  private final ServerOptions options;
  private final HttpActivity activity;
  private final ResponseWriter responses;
  private final RequestClock clock;

  HttpDeadlines(
      HttpGateway gateway,
      Channel socket,
      LaneContext context,
      ServerOptions options,
      HttpActivity activity,
      ResponseWriter responses,
      RequestClock clock) {
    this.gateway = gateway;
    this.socket = socket;
    this.context = context;
    this.options = options;
    this.activity = activity;
    this.responses = responses;
    this.clock = clock;
  }

  /// Closes or finishes the socket if it is time.
  ///
  /// @return nanoseconds until it may be time, unless [HttpGateway#checkSoon] is called before
  @Override
  public long onDue(long nowNs) {
    // While we do not read, because our responses are not read, the peer cannot finish a request.
    boolean mayFinish = !responses.haveEnded() && !SocketInput.of(socket).isHeld(Hold.RESPONSES);
    long stalledNs = mayFinish ? Long.MAX_VALUE : STALLED_NS - activity.unusedNs(nowNs);
    long endNs = Math.min(stalledNs, responses.lingerNs(nowNs));
    if (endNs <= 0) {
      gateway.closeNow();
      return endNs;
    }
    long keepAliveNs = TimeUnit.SECONDS.toNanos(options.keepAliveSeconds());
    boolean isDone = clock.hadRequest() && activity.isIdle(nowNs, keepAliveNs);
    if (isDone || (context.http().isDraining() && activity.isIdle(nowNs, DRAIN_IDLE_NS))) {
      gateway.finish();
      return 0;
    }
    if (mayFinish && clock.check(nowNs) instanceof Parsed.Bad(String late)) {
      gateway.onLate(late);
      return 0;
    }
    if (mayFinish) {
      return activity.restNs(nowNs, keepAliveNs);
    }
    return responses.areUnfinished() ? 0 : endNs;
  }
}
