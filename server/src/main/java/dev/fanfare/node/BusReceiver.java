package dev.fanfare.node;

import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Publication;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Watchlists;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.function.Consumer;

/// Applies the messages of other nodes to this one. Messages about an app that this node does not
/// know are dropped, except those that end something.
///
/// @param webhooks what other nodes report about webhooks
/// @param consoles what the consoles of other nodes ask and answer
/// @param clock the clock of the bus
@RecordBuilder
public record BusReceiver(
    Apps apps,
    Channels channels,
    Publisher publisher,
    Sessions sessions,
    Watchlists watchlists,
    Consumer<BusMessage> webhooks,
    Consumer<BusMessage> consoles,
    NanoClock clock)
    implements Bus.Receiver {

  @Override
  public void onMessage(int node, BusMessage message, long asOfNs) {
    String appId = message.appId();
    switch (message) {
      case BusMessage.Interest(var _, String channel, int count, var _) when count == 0 ->
          channels.remoteVacated(appId, node, channel);
      case BusMessage.Left(var _, String channel, String userId, boolean isHandedOver) ->
          channels.remoteLeft(appId, node, channel, userId, isHandedOver);
      case BusMessage.Offline(var _, String userId) ->
          watchlists.remoteOffline(appId, node, userId);
      case BusMessage.ConsoleRequest _, BusMessage.ConsoleResponse _ -> consoles.accept(message);
      case BusMessage.Reported _, BusMessage.Direct _ -> webhooks.accept(message);
      case BusMessage.Connections(var _, int count) ->
          sessions.remoteConnections(appId, node, count);
      case BusMessage.Event _,
          BusMessage.Kept _,
          BusMessage.TerminateUser _,
          BusMessage.Interest _,
          BusMessage.Joined _,
          BusMessage.Online _ -> {
        if (apps.byId(appId) instanceof LiveApp app) {
          onMessage(app, node, message, asOfNs);
        }
      }
    }
  }

  @Override
  public boolean hasRoom(BusMessage message) {
    Publication event =
        switch (message) {
          case BusMessage.Event published -> published.publication();
          case BusMessage.Kept kept -> kept.publication();
          default -> null;
        };
    return event == null
        || !(apps.byId(message.appId()) instanceof LiveApp app)
        || publisher.hasRoom(app, event);
  }

  private void onMessage(LiveApp app, int node, BusMessage message, long asOfNs) {
    switch (message) {
      case BusMessage.Event event -> publisher.deliverFromBus(app, event, asOfNs);
      case BusMessage.Kept kept ->
          channels.remoteKept(
              app, kept, asOfNs, publisher.arrived(app, kept.publication(), kept.trace(), asOfNs));
      case BusMessage.TerminateUser(var _, String userId) ->
          watchlists.terminateLocal(app.id(), userId, clock.nanoTime() - asOfNs);
      case BusMessage.Interest(var _, String channel, int count, var _) ->
          channels.remoteInterest(app, node, channel, count);
      case BusMessage.Joined(var _, String channel, var member) ->
          channels.remoteJoined(app, node, channel, member);
      case BusMessage.Online(var _, String userId) ->
          watchlists.remoteOnline(app.id(), node, userId);
      case BusMessage.Left _,
          BusMessage.Offline _,
          BusMessage.Reported _,
          BusMessage.Direct _,
          BusMessage.Connections _ ->
          throw new IllegalArgumentException(message.toString()); // applied above
    }
  }
}
