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

/// The Java client on a private channel; writes down its life.
final class JavaClient
    implements ConnectionEventListener, PrivateChannelEventListener, AutoCloseable {

  /// The client's own log. Kept here, since a logger that nobody holds forgets its level.
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

  /// Begins to connect and to subscribe.
  JavaClient start(String channel, String event) {
    pusher.connect(this, ConnectionState.ALL);
    pusher.subscribePrivate(channel, this, event);
    return this;
  }

  private void tell(String what, String detail) {
    life.add(new Life.Moment(System.currentTimeMillis(), what, detail));
  }

  @Override
  public void onConnectionStateChange(ConnectionStateChange change) {
    tell("state", change.getCurrentState().name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void onError(@Nullable String message, @Nullable String code, @Nullable Exception e) {
    tell("error", code + " " + message + " " + e);
  }

  @Override
  public void onSubscriptionSucceeded(String channel) {
    tell("subscribed", "");
  }

  @Override
  public void onAuthenticationFailure(String message, Exception e) {
    tell("error", message);
  }

  @Override
  public void onEvent(PusherEvent event) {
    tell("event", event.getData());
  }

  @Override
  public void close() {
    pusher.disconnect();
  }
}
