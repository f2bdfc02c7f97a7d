package dev.fanfare.transport;

import dev.fanfare.observe.HeapExhaustion;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The TLS handshakes of one lane: only so many are in progress at a time, because each holds an
/// engine and has work for the signers; the others wait for their turn, in the order of their
/// arrival. While some wait, those whose clients take more than a second for a step are closed,
/// oldest first, so that clients that never finish cannot keep others out. Confined to the lane.
public final class TlsHandshakes {

  /// How long a handshake may take while others wait: the round trips of the slowest networks.
  private static final long MAX_NS = TimeUnit.SECONDS.toNanos(1);

  private static final long CHECK_MS = 100;

  private final int limit;
  private final int perLane;

  /// When each handshake in progress began, the oldest first.
  private final Map<HttpPeer, Long> running = new LinkedHashMap<>();

  /// What begins the handshakes that wait, the oldest first.
  private final SequencedMap<HttpPeer, Runnable> waiting = new LinkedHashMap<>();

  private boolean isScheduled;

  /// Null until the first handshake.
  private @Nullable HandshakeTurns turns;

  /// @param limit handshakes in progress on all lanes
  TlsHandshakes(int limit, int lanes) {
    this.limit = limit;
    this.perLane = Math.max(1, limit / lanes);
  }

  /// Begins a handshake when it is its turn: in a later task of the lane.
  public void begin(HttpPeer peer, Runnable start, LaneContext context, EventExecutor lane) {
    waiting.put(peer, start);
    proceed(context, turnsOn(lane));
    checkLater(context, lane);
  }

  /// Runs the expensive steps of a handshake on the lane, by turns with everything else. While it
  /// waits for its turn, the client is not to blame, so it is not closed; then its second begins
  /// again.
  public Executor turns(HttpPeer peer, LaneContext context, EventExecutor lane) {
    HandshakeTurns all = turnsOn(lane);
    return step -> {
      running.replace(peer, Long.MAX_VALUE);
      all.execute(() -> {
        running.replace(peer, context.nowNs());
        step.run();
      });
    };
  }

  private HandshakeTurns turnsOn(EventExecutor lane) {
    HandshakeTurns all = turns != null ? turns : new HandshakeTurns(lane);
    turns = all;
    return all;
  }

  /// A handshake is complete or has failed, or its socket is closed. Idempotent.
  public void end(HttpPeer peer, LaneContext context) {
    boolean wasRunning = running.remove(peer) != null;
    waiting.remove(peer);
    HandshakeTurns all = turns;
    if (wasRunning && all != null) {
      proceed(context, all);
    }
  }

  /// The first step computes the shared secret, so it takes its turn, too.
  private void proceed(LaneContext context, HandshakeTurns all) {
    while (running.size() < perLane && !waiting.isEmpty()) {
      Map.Entry<HttpPeer, Runnable> next = waiting.pollFirstEntry();
      HttpPeer peer = next.getKey();
      running.put(peer, Long.MAX_VALUE);
      all.execute(() -> {
        if (running.replace(peer, context.nowNs()) != null) {
          start(peer, next.getValue());
        }
      });
    }
  }

  /// Never throws: it may run because of another socket, and a failure must not keep the place.
  private void start(HttpPeer peer, Runnable start) {
    try {
      start.run();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      running.remove(peer);
      peer.end("TLS: the handshake could not begin: " + e.getMessage());
    }
  }

  private void checkLater(LaneContext context, EventExecutor lane) {
    if (!isScheduled && !waiting.isEmpty()) {
      isScheduled = true;
      var _ =
          lane.schedule(
              () -> {
                isScheduled = false;
                makeRoom(context);
                checkLater(context, lane);
              },
              CHECK_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  /// Closes as many old handshakes as wait for room. Their ends let the others begin.
  private void makeRoom(LaneContext context) {
    long nowNs = context.nowNs();
    running.entrySet().stream()
        .filter(entry -> nowNs - entry.getValue() >= MAX_NS)
        .limit(waiting.size())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(peer -> {
          peer.end(
              "TLS: the handshake took more than a second while others waited, the limit is "
                  + limit
                  + " handshakes at a time (tls_handshakes)");
          end(peer, context);
        });
  }
}
