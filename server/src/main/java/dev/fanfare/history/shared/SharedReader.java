package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Reader;
import dev.fanfare.history.mailbox.Cursors;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Keeps the position of one subscription in the engine. A narrow one is kept as long as the client
/// is connected too, so that it survives this node; a wide one when the connection has ended. As
/// long as it is not decided where the subscription begins, the engine keeps the position of
/// before.
///
/// With a mailbox, it also moves the cursor of the reader. Both are written with those of other
/// readers, and at once when the connection ends. Any thread.
final class SharedReader implements Reader.Follower {

  /// How long the position of a connected client is kept after it was confirmed last, should its
  /// node be killed.
  static final long LIVE_MS = TimeUnit.HOURS.toMillis(24);

  private final SharedStore store;
  private final SharedLog log;
  private final Identity identity;
  private final String socketId;
  private final Reader reader;
  private final boolean isMailbox;
  private volatile boolean isBegun;

  /// The engine was away, so the client was notified of a gap instead of getting what comes after
  /// the cursor of its reader. The cursor stays where it is, and so the client gets it when it
  /// comes back.
  private volatile boolean isAstray;

  private volatile long ttlMs = LIVE_MS;

  /// What the client has confirmed last.
  private final AtomicReference<EventId> known = new AtomicReference<>(EventId.NONE);

  SharedReader(
      SharedStore store,
      SharedLog log,
      Identity identity,
      String socketId,
      Reader reader,
      boolean isMailbox) {
    this.store = store;
    this.log = log;
    this.identity = identity;
    this.socketId = socketId;
    this.reader = reader;
    this.isMailbox = isMailbox;
  }

  /// The name of an identity in the engine.
  static String name(Identity identity) {
    return Character.toLowerCase(identity.kind().name().charAt(0)) + ":" + identity.name();
  }

  private CompletionStage<Void> hold() {
    String name = name(identity);
    Streams streams = store.streams();
    Streams.Position position =
        new Streams.Position(known.get(), String.join(",", reader.sockets()));
    return log.unclaimed().contains(socketId) // the engine was away when it came
        ? streams
            .claim(log.key(), name, socketId, ttlMs)
            .thenCompose(_ -> streams.hold(log.key(), name, socketId, position, ttlMs))
            .thenRun(() -> log.unclaimed().remove(socketId))
        : streams.hold(log.key(), name, socketId, position, ttlMs);
  }

  private void reach(EventId confirmed) {
    var _ =
        known.accumulateAndGet(confirmed, (one, other) -> one.compareTo(other) < 0 ? other : one);
  }

  /// Keeps what the client has confirmed.
  private void keep() {
    boolean isNarrow = identity.isNarrow();
    if (!isMailbox) {
      if (isNarrow) {
        var _ = hold();
      }
      return;
    }
    Confirmations confirmations = store.confirmations();
    if (!isAstray) {
      confirmations.add(log.key(), Cursors.reader(identity), known.get(), log.cursorMs());
    }
    if (isNarrow) {
      confirmations.add(log.key(), socketId, this::hold);
    }
  }

  @Override
  public void onBegun() {
    isAstray = isMailbox && log.unclaimed().contains(socketId);
    isBegun = true;
    if (isAstray && !identity.isNarrow()) {
      log.unclaimed().remove(socketId);
    }
  }

  @Override
  public void onInterrupted() {
    isAstray = isMailbox;
  }

  @Override
  public void onConfirmed(EventId confirmed) {
    reach(confirmed);
    keep();
  }

  @Override
  public void onDeparted(EventId confirmed, long forNs) {
    ttlMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(forNs));
    // It was given live what came since the node knows the engine's last entry.
    EventId last = confirmed.equals(EventId.NONE) ? log.base() : confirmed;
    if (!isBegun || last.equals(EventId.NONE)) {
      return;
    }
    reach(last);
    keep();
    if (isMailbox) {
      store.confirmations().hurry(log.key());
    }
    if (!identity.isNarrow()) {
      var _ = store.streams().leave(log.key(), name(identity), last, ttlMs);
    }
  }

  @Override
  public void onEnded() {
    if (isBegun && identity.isNarrow()) {
      ttlMs = 1;
      reach(reader.confirmed());
      var _ = hold();
    }
  }
}
