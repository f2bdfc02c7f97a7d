package dev.fanfare.transport.fallback;

import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.websocket.MessageLine;
import dev.fanfare.transport.websocket.SlowReading;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one client is sent: the lines that wait, and the response that carries them, if there is
/// one at the moment. Confined to the connection's lane.
final class Outlet implements Backlog.Waiting {

  /// Bytes that are passed to a socket before the kernel has accepted them.
  private static final long WINDOW_BYTES = 64 * 1_024;

  /// The response that a client waits for.
  private static final class Answer {
    final Exchange exchange;
    final boolean isStreaming;

    /// What was written to it.
    final Units units = new Units();

    /// Bytes that were written to it and were not passed to the kernel yet.
    long inFlight;

    Answer(Exchange exchange, boolean isStreaming) {
      this.exchange = exchange;
      this.isStreaming = isStreaming;
    }

    /// Ends it without another line.
    void end() {
      if (isStreaming) {
        exchange.end();
      } else {
        exchange.respond(Fallbacks.lines(new byte[0]));
      }
    }
  }

  private final FallbackConnection connection;
  private final LaneContext context;
  private final Lines lines = new Lines();

  /// What waits until little else does.
  private final List<Runnable> whenSent = new ArrayList<>(0);

  /// Null if the client is between two requests.
  private @Nullable Answer answer;

  /// Set once something had to wait.
  private Backlog.@Nullable Reader reader;

  /// Since when there is no response.
  private long aloneSinceNs;

  private boolean isFlushing;

  /// True once the last line was added.
  private boolean isFinished;

  private boolean isClosed;

  /// See [#isForStreams].
  private volatile boolean isForStreams;

  Outlet(FallbackConnection connection, LaneContext context, boolean isForStreams) {
    this.isForStreams = isForStreams;
    this.connection = connection;
    this.context = context;
    this.aloneSinceNs = context.nowNs();
  }

  /// A new response takes over. What was written to the one before and may be lost is not repeated:
  /// pusher-js asks again only when it has read everything.
  void attach(Exchange exchange, boolean isStreaming) {
    Answer before = answer;
    if (before != null) {
      detach(before);
      before.end();
    }
    Answer next = new Answer(exchange, isStreaming);
    answer = next;
    isForStreams = isStreaming;
    exchange.watch(() -> connection.lane().run(() -> onLost(next)));
    if (isStreaming) {
      exchange.open(Fallbacks.head());
    }
    flush();
  }

  private void onLost(Answer lost) {
    if (answer == lost) {
      detach(lost);
      connection.onAlone();
      count();
    }
  }

  private void detach(Answer left) {
    answer = null;
    aloneSinceNs = context.nowNs();
    if (left.inFlight > 0) {
      new SlowReading(connection).onMissed();
    }
  }

  /// True if a response waits for lines.
  boolean isAttached() {
    return answer != null;
  }

  /// True if the client has last asked for a response that does not end. Any thread.
  boolean isForStreams() {
    return isForStreams;
  }

  /// True if that response does not end with the next lines.
  boolean isStreaming() {
    return answer != null && answer.isStreaming;
  }

  /// Since when there is no response.
  long aloneSinceNs() {
    return aloneSinceNs;
  }

  /// Adds a line, which [#flush] sends.
  ///
  /// @param isShared true if the buffer is one that many connections send
  void add(MessageLine line, boolean isShared) {
    lines.add(line, isShared);
  }

  /// There are no more lines.
  void finish() {
    isFinished = true;
  }

  /// Sends as much as the response may carry now.
  void flush() {
    Answer current = answer;
    if (isFlushing || isClosed) {
      return;
    }
    if (current != null) {
      isFlushing = true;
      try {
        if (current.isStreaming) {
          stream(current);
        } else {
          poll(current);
        }
      } finally {
        isFlushing = false;
      }
    }
    count();
  }

  private void stream(Answer current) {
    while (current.inFlight < WINDOW_BYTES && !current.units.isFull() && !lines.isEmpty()) {
      ByteBuf part = lines.take(current.units, WINDOW_BYTES);
      int bytes = part.readableBytes();
      current.inFlight += bytes;
      current.exchange.write(part, () -> connection.lane().run(() -> onSent(current, bytes)));
    }
    if (isFinished && lines.isEmpty()) {
      connection.dispose(); // which ends the response
    }
  }

  private void onSent(Answer sent, int bytes) {
    sent.inFlight -= bytes;
    if (answer == sent) {
      flush();
    }
  }

  private void poll(Answer current) {
    if (lines.isEmpty()) {
      return;
    }
    ByteBuf taken = lines.take(current.units, Long.MAX_VALUE);
    byte[] body = ByteBufUtil.getBytes(taken);
    taken.release();
    detach(current);
    current.exchange.respond(Fallbacks.lines(body));
    if (isFinished && lines.isEmpty()) {
      connection.dispose();
    } else {
      connection.onAlone();
    }
  }

  /// Runs `then` once, when little waits.
  void whenNearlySent(Runnable then) {
    whenSent.add(then);
  }

  /// Counts what waits, and goes on with a replay if it is little.
  private void count() {
    long pending = pendingBytes();
    Backlog.Reader known = reader;
    if (pending > 0 && known == null) {
      known = context.backlog().reader(this, connection::onFellBehind);
      reader = known;
    }
    if (known != null) {
      context.backlog().set(known, pending, Math.min(pending, ownBytes()));
    }
    if (!whenSent.isEmpty() && Backlog.isNearlyRead(pending)) {
      whenSent.forEach(context.lane()::execute);
      whenSent.clear();
    }
  }

  /// TLS encrypts for each socket, so nothing is shared.
  private long ownBytes() {
    Answer current = answer;
    return lines.own() + (current != null && current.exchange.isSecure() ? current.inFlight : 0);
  }

  /// Bytes that wait here or for the kernel.
  @Override
  public long pendingBytes() {
    Answer current = answer;
    return lines.bytes() + (current == null ? 0 : current.inFlight);
  }

  @Override
  public void closeNow() {
    connection.dispose();
  }

  /// Drops what waits, and ends the response. Idempotent.
  void close() {
    isClosed = true;
    lines.clear();
    whenSent.clear();
    Answer current = answer;
    answer = null;
    if (current != null) {
      current.end();
    }
    count();
  }
}
