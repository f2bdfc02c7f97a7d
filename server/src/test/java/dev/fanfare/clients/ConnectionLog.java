package dev.fanfare.clients;

import com.pusher.client.connection.ConnectionEventListener;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.connection.ConnectionStateChange;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What an app is notified of about its connection.
final class ConnectionLog implements ConnectionEventListener {

  /// The client's log. Referenced here, since an unreferenced logger loses its level.
  private static final Logger CLIENT_LOG = Logger.getLogger("com.pusher.client");

  static {
    // Tests cause errors on purpose, and they are recorded below.
    CLIENT_LOG.setLevel(Level.OFF);
  }

  private final Inbox<ConnectionState> states = new Inbox<>("connection states");
  private final Inbox<String> errors = new Inbox<>("connection errors");

  @Override
  public void onConnectionStateChange(ConnectionStateChange change) {
    states.add(change.getCurrentState());
  }

  @Override
  public void onError(@Nullable String message, @Nullable String code, @Nullable Exception e) {
    errors.add(code == null ? String.valueOf(message) : code + " " + message);
  }

  /// The next state.
  ConnectionState nextState() {
    return states.next();
  }

  /// Waits for a state, discarding those before it.
  void await(ConnectionState state) {
    states.skipTo(state);
  }

  /// Waits for a state longer than usual.
  void await(ConnectionState state, Duration patience) {
    states.next(state.toString(), patience, state::equals);
  }

  /// The number of changes so far.
  int stateChanges() {
    return states.count();
  }

  /// Waits for an error: its code, if it has one, and its text. Earlier ones are discarded, since a
  /// client that subscribes as soon as it is connected may do so twice and gets an error.
  void awaitError(String error) {
    errors.skipTo(error);
  }

  /// The same for an error that contains `part`.
  void awaitErrorContaining(String part) {
    errors.next(part, Inbox.PATIENCE, error -> error.contains(part));
  }
}
