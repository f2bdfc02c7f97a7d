package dev.fanfare.node;

import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.Publisher;
import dev.fanfare.session.Watchlists;

/// Applies the messages of other nodes to this one. An app that is not in memory has no clients
/// here, so its messages are dropped.
record BusReceiver(Apps apps, Publisher publisher, Watchlists watchlists) implements Bus.Receiver {

  @Override
  public void onMessage(int node, BusMessage message, long asOfNs) {
    if (apps.byId(message.appId()) instanceof LiveApp app) {
      switch (message) {
        case BusMessage.Event event -> publisher.deliverFromBus(app, event.publication());
        case BusMessage.Kept _,
            BusMessage.Interest _,
            BusMessage.Joined _,
            BusMessage.Left _,
            BusMessage.Online _,
            BusMessage.Offline _,
            BusMessage.Connections _ ->
            throw new UnsupportedOperationException(message.toString());
        case BusMessage.TerminateUser user -> watchlists.terminateLocal(app.id(), user.userId());
      }
    }
  }
}
