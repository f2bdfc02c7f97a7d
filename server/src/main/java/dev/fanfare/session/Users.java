package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import java.util.List;

/// What is done to a signed-in user on every node. Any thread.
public record Users(Watchlists watchlists, Bus bus) {

  /// Closes every connection that is signed in as the user (section 4.3), on this node and on all
  /// others. A user without connections is not an error.
  public void terminate(App app, String userId) {
    bus.publish(new BusMessage.TerminateUser(app.id(), userId));
    watchlists.terminateLocal(app.id(), userId);
  }

  /// The socket ids of this node's connections that are signed in as the user, in any order.
  public List<String> socketIds(App app, String userId) {
    return watchlists.socketIds(app.id(), userId);
  }
}
