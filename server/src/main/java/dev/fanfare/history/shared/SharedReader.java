package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Reader;
import java.util.concurrent.TimeUnit;

/// Keeps the position of one subscription in the engine. A narrow one is kept as long as the client
/// is connected too, so that it survives this node; a wide one when the connection has ended. As
/// long as it is not decided where the subscription begins, the engine keeps the position of
/// before. Any thread.
final class SharedReader implements Reader.Follower {

  /// How long the position of a connected client is kept after it was confirmed last, should its
  /// node be killed.
  static final long LIVE_MS = TimeUnit.HOURS.toMillis(24);

  private final Streams streams;
  private final SharedLog log;
  private final Identity identity;
  private final String socketId;
  private final Reader reader;
  private volatile boolean isBegun;
  private volatile long ttlMs = LIVE_MS;

  SharedReader(Streams streams, SharedLog log, Identity identity, String socketId, Reader reader) {
    this.streams = streams;
    this.log = log;
    this.identity = identity;
    this.socketId = socketId;
    this.reader = reader;
  }

  /// The name of an identity in the engine.
  static String name(Identity identity) {
    return Character.toLowerCase(identity.kind().name().charAt(0)) + ":" + identity.name();
  }

  private void hold(EventId confirmed) {
    String name = name(identity);
    Streams.Position position = new Streams.Position(confirmed, String.join(",", reader.sockets()));
    var _ =
        log.unclaimed().remove(socketId) // the engine was away when it came
            ? streams
                .claim(log.key(), name, socketId, ttlMs)
                .thenCompose(_ -> streams.hold(log.key(), name, socketId, position, ttlMs))
            : streams.hold(log.key(), name, socketId, position, ttlMs);
  }

  @Override
  public void onBegun() {
    isBegun = true;
  }

  @Override
  public void onConfirmed(EventId confirmed) {
    if (identity.isNarrow()) {
      hold(confirmed);
    }
  }

  @Override
  public void onDeparted(EventId confirmed, long forNs) {
    ttlMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(forNs));
    // It was given live what came since the node knows the engine's last entry.
    EventId known = confirmed.equals(EventId.NONE) ? log.base() : confirmed;
    if (!isBegun || known.equals(EventId.NONE)) {
      return;
    }
    if (identity.isNarrow()) {
      hold(known);
    } else {
      var _ = streams.leave(log.key(), name(identity), known, ttlMs);
    }
  }

  @Override
  public void onEnded() {
    if (isBegun && identity.isNarrow()) {
      ttlMs = 1;
      hold(reader.confirmed());
    }
  }
}
