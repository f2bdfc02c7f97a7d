package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import org.jspecify.annotations.Nullable;

/// Passes on that a connection has ended, or that the engine refuses something. Without a listener,
/// jnats writes to the console.
final class NatsEvents implements ConnectionListener, ErrorListener {

  private final EngineUrl url;
  private final EngineWire.Events events;
  private volatile @Nullable Exception latest;

  NatsEvents(EngineUrl url, EngineWire.Events events) {
    this.url = url;
    this.events = events;
  }

  /// What has failed last, for the reason of a failed attempt; null if nothing has.
  @Nullable Exception latest() {
    return latest;
  }

  // The only method that the interface requires.
  @SuppressWarnings("deprecation")
  @Override
  public void connectionEvent(Connection connection, Events type) {
    if (type == Events.CLOSED || type == Events.DISCONNECTED) {
      events.lost(url + " closed the connection");
    }
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    latest = exception;
  }

  /// For example a permission that the user lacks.
  @Override
  public void errorOccurred(Connection connection, String error) {
    events.lost(error);
  }
}
