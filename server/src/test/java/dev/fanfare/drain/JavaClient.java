package dev.fanfare.drain;

import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.channel.PrivateChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.connection.ConnectionEventListener;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.connection.ConnectionStateChange;
import dev.fanfare.app.App;
import dev.fanfare.protocol.Signature;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The Java client on a private channel; records its history.
final class JavaClient
    implements ConnectionEventListener, PrivateChannelEventListener, AutoCloseable {

  /// The client's logger. Kept here, because an unreferenced logger loses its level.
  private static final Logger CLIENT_LOG = Logger.getLogger("com.pusher.client");

  static {
    CLIENT_LOG.setLevel(Level.OFF); // it warns of what is written down below
  }

  private final Pusher pusher;
  private final Life life;

  JavaClient(App app, int port, Life life) {
    PusherOptions options =
        new PusherOptions()
            .setHost("127.0.0.1")
            .setWsPort(port)
            .setUseTLS(false)
            .setChannelAuthorizer((channel, socketId) ->
                "{\"auth\":\""
                    + app.key()
                    + ":"
                    + app.secret().signature().sign(Signature.subscription(socketId, channel, null))
                    + "\"}");
    pusher = new Pusher(app.key(), options);
    this.life = life;
  }

  /// Starts to connect and subscribe.
  JavaClient start(String channel, String event) {
    pusher.connect(this, ConnectionState.ALL);
    pusher.subscribePrivate(channel, this, event);
    return this;
  }

  private void record(String what, String detail) {
    life.add(new Life.Moment(System.currentTimeMillis(), what, detail));
  }

  @Override
  public void onConnectionStateChange(ConnectionStateChange change) {
    record("state", change.getCurrentState().name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void onError(@Nullable String message, @Nullable String code, @Nullable Exception e) {
    record("error", code + " " + message + " " + e);
  }

  @Override
  public void onSubscriptionSucceeded(String channel) {
    record("subscribed", "");
  }

  @Override
  public void onAuthenticationFailure(String message, Exception e) {
    record("error", message);
  }

  @Override
  public void onEvent(PusherEvent event) {
    record("event", event.getData());
  }

  @Override
  public void close() {
    pusher.disconnect();
  }
}
