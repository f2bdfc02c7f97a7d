package dev.fanfare.transport.websocket;

import dev.fanfare.app.SlowReaders;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.session.Session;
import dev.fanfare.transport.memory.Backlog;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// What happens to a client with more unread bytes than the limit: it is disconnected or misses
/// events, as its app is configured. Confined to the connection's lane.
public final class SlowReading {

  /// A connection that may be read too slowly. Confined to its lane.
  public interface Client {

    /// Null until the connection is established.
    @Nullable Session session();

    Lane lane();

    Traffic traffic();

    /// False if its end is on the way, so that nothing waits for it.
    boolean isOpen();

    /// True if more waits than twice the limit.
    boolean isFarBehind();

    /// Why it is disconnected.
    String tooSlow();

    void close(CloseCode code, String reason);
  }

  /// A WebSocket.
  private record SocketClient(NettyConnection connection, Channel socket, int maxPendingBytes)
      implements Client {

    @Override
    public @Nullable Session session() {
      return connection.session();
    }

    @Override
    public Lane lane() {
      return connection.lane();
    }

    @Override
    public Traffic traffic() {
      return connection.traffic();
    }

    @Override
    public boolean isOpen() {
      return socket.isOpen();
    }

    @Override
    public boolean isFarBehind() {
      return socket.bytesBeforeWritable() > maxPendingBytes;
    }

    @Override
    public String tooSlow() {
      return Backlog.tooSlow(Backlog.pending(socket), maxPendingBytes);
    }

    @Override
    public void close(CloseCode code, String reason) {
      connection.close(code, reason);
    }
  }

  private final Client connection;

  public SlowReading(Client connection) {
    this.connection = connection;
  }

  SlowReading(NettyConnection connection, Channel socket, int maxPendingBytes) {
    this(new SocketClient(connection, socket, maxPendingBytes));
  }

  /// The part of `shared` that a slow reader still gets; null if none.
  public @Nullable SharedFrame withoutEvents(SharedFrame shared) {
    Session session = connection.session();
    if (session == null || !mayFallBehind()) {
      end(shared.events());
      return null;
    }
    ChannelName kept = shared.keptIn();
    if (kept != null) {
      if (isReplayedLater(session, kept)) {
        return null;
      }
      onMissed();
    }
    int events = shared.events();
    if (events > 0) {
      session.onDropped(events);
    }
    SharedFrame rest = shared.withoutEvents();
    return rest.isEmpty() ? null : rest;
  }

  /// True if the client gets what the channel keeps once it has read what waits for it.
  private boolean isReplayedLater(Session session, ChannelName channel) {
    Subscription subscription = session.subscription(channel.value());
    boolean isReplayed =
        subscription != null && connection.lane().onBehind(subscription, session.context().clock());
    connection.traffic().add(Count.FELL_BEHIND, isReplayed ? 1 : 0);
    return isReplayed;
  }

  /// Something cannot be written: what the client was given is not known any more.
  public void onMissed() {
    Session session = connection.session();
    if (session != null) {
      session.onMissed();
    }
  }

  /// Notes what the client misses; null if its app does not let it miss anything.
  public @Nullable Losses losses() {
    Session session = connection.session();
    return session != null && session.app().options().slowReaders() == SlowReaders.DROP
        ? new Noted(connection, session)
        : null;
  }

  /// Counts what a client misses.
  private record Noted(Client connection, Session session) implements Losses {

    @Override
    public void onSkipped(int events) {
      session.onDropped(events);
    }

    @Override
    public void onGap() {
      connection.traffic().add(Count.GAPS, 1);
    }
  }

  /// False if a message that is no event must not be sent either; then the client is disconnected.
  public boolean mayBeSent() {
    boolean maySend = mayFallBehind();
    if (!maySend) {
      end(0);
    }
    return maySend;
  }

  /// True if the app lets slow readers miss events and this one is below twice the limit: messages
  /// that must not be dropped accumulate too.
  private boolean mayFallBehind() {
    Session session = connection.session();
    return session != null
        && session.app().options().slowReaders() == SlowReaders.DROP
        && !connection.isFarBehind();
  }

  /// Disconnects the client.
  ///
  /// @param events events that it was about to receive
  private void end(int events) {
    if (!connection.isOpen()) {
      return; // its end is on the way; nothing waits for it
    }
    onMissed();
    connection.traffic().add(Count.SLOW_READERS, 1);
    connection.traffic().add(Count.EVENTS_CUT_OFF, events);
    connection.close(CloseCode.OVER_CAPACITY, connection.tooSlow());
  }
}
