package dev.fanfare.transport.fallback;

import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.MessageReader;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.session.ChangeRate;
import dev.fanfare.session.Session;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.websocket.ReadRate;
import dev.fanfare.transport.websocket.WebSocketHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The messages of one client, in their order, at the rates that WebSockets have. While it has to
/// wait, its requests wait for their responses. Confined to the connection's lane.
final class Inbox {

  /// How long a request is held for one that it may have overtaken.
  private static final long HOLD_MS = 10;

  /// A request with messages.
  private record Send(List<byte[]> messages, Exchange exchange) {}

  private final FallbackConnection connection;
  private final LaneContext context;
  private final EventExecutor loop;
  private final int maxMessageBytes;
  private final ReadRate readRate;
  private final SendOrder<Send> order = new SendOrder<>();

  private int changes;

  /// Null before the first [ChangeRate#FREE] changes, which most connections do not make.
  private @Nullable ChangeRate changeRate;

  private boolean isPaused;
  private boolean isHolding;

  Inbox(
      FallbackConnection connection,
      LaneContext context,
      ServerOptions options,
      EventExecutor loop) {
    this.connection = connection;
    this.context = context;
    this.loop = loop;
    this.maxMessageBytes = options.maxMessageBytes();
    this.readRate = new ReadRate(options.readBytesPerSecond(), context.nowNs());
  }

  /// A request without messages has arrived.
  void onSeen(long number) {
    order.onSeen(number);
  }

  /// A request with messages has arrived.
  void onSend(long number, List<byte[]> messages, Exchange exchange) {
    order.add(number, new Send(messages, exchange));
    handle(false);
  }

  /// @param isOverdue true to wait no longer for what may have been overtaken
  private void handle(boolean isOverdue) {
    Send send;
    while (!isPaused && (send = order.poll(isOverdue)) != null) {
      onSend(send);
    }
    connection.onFlush();
    if (!isPaused && !isHolding && !order.isEmpty()) {
      isHolding = true;
      var _ = loop.schedule(this::onHeld, HOLD_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void onHeld() {
    isHolding = false;
    handle(true);
  }

  private void onSend(Send send) {
    for (byte[] message : send.messages) {
      Session session = connection.session();
      if (session != null && !connection.isClosing()) {
        onMessage(session, message);
      }
    }
    send.exchange.respond(Fallbacks.done());
  }

  private void onMessage(Session session, byte[] utf8) {
    Traffic traffic = connection.traffic();
    if (utf8.length > maxMessageBytes) {
      connection.close(
          CloseCode.MESSAGE_TOO_BIG, WebSocketHandler.tooBig(utf8.length, maxMessageBytes));
      return;
    }
    readRate.take(utf8.length, context.nowNs());
    traffic.add(Count.BYTES_RECEIVED, utf8.length);
    ClientMessage message = MessageReader.read(utf8, session.app().limits());
    traffic.add(WebSocketHandler.count(message), 1);
    session.onMessage(message);
    long changesNs = WebSocketHandler.isChange(message) ? onChange(session) : 0;
    long pauseNs = Math.max(changesNs, readRate.pauseNs(context.nowNs()));
    if (pauseNs > 0 && !isPaused) {
      pause(session, pauseNs);
    }
  }

  /// Counts a change; returns how long to pause because of it, nanoseconds.
  private long onChange(Session session) {
    ChangeRate rate = changeRate;
    if (rate != null) {
      rate.take();
    } else if (++changes < ChangeRate.FREE) {
      return 0;
    } else {
      rate = session.changeRate();
      changeRate = rate;
    }
    return rate.pauseNs();
  }

  private void pause(Session session, long pauseNs) {
    if (readRate.isFirstPause(context.nowNs())) {
      session.onReadingPaused(readRate.reason());
    }
    isPaused = true;
    resumeIn(pauseNs);
  }

  private void resumeIn(long pauseNs) {
    var _ = loop.schedule(this::onResume, pauseNs, TimeUnit.NANOSECONDS);
  }

  private void onResume() {
    ChangeRate rate = changeRate;
    if (!connection.isClosing()) {
      Parsed<Parsed.Passed> check = rate == null ? Parsed.PASSED : rate.check();
      long changesNs = rate == null ? 0 : rate.pauseNs();
      long pauseNs = Math.max(changesNs, readRate.pauseNs(context.nowNs()));
      if (check instanceof Parsed.Bad(String reason)) {
        connection.close(CloseCode.OVER_CAPACITY, reason);
      } else if (pauseNs > 0) {
        resumeIn(pauseNs);
        return;
      }
    }
    isPaused = false;
    handle(false);
  }
}
