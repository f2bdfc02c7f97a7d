package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Origin;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Several listeners as one.
final class Observers implements ServerListener {

  private final ServerListener[] all;

  Observers(List<ServerListener> listeners) {
    this.all = listeners.toArray(ServerListener[]::new);
  }

  @Override
  public void on(Observation observation) {
    for (ServerListener listener : all) {
      listener.on(observation);
    }
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    for (ServerListener listener : all) {
      listener.subscribed(app, channel, peer);
    }
  }

  @Override
  public void unsubscribed(App app, String channel, Peer peer) {
    for (ServerListener listener : all) {
      listener.unsubscribed(app, channel, peer);
    }
  }

  @Override
  public void published(App app, String channel, Origin origin, int dataChars) {
    for (ServerListener listener : all) {
      listener.published(app, channel, origin, dataChars);
    }
  }

  @Override
  public void apiEvent(
      App app,
      String channel,
      String event,
      @Nullable String exceptSocketId,
      int subscribers,
      Supplier<String> address) {
    for (ServerListener listener : all) {
      listener.apiEvent(app, channel, event, exceptSocketId, subscribers, address);
    }
  }

  @Override
  public void clientEvent(App app, String channel, String event, Peer peer, int subscribers) {
    for (ServerListener listener : all) {
      listener.clientEvent(app, channel, event, peer, subscribers);
    }
  }
}
