package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.Bus;
import dev.fanfare.observe.Origin;
import dev.fanfare.observe.ServerListener;
import java.util.List;

/// The only way to publish. Returns when the event is queued for the lanes of this node and handed
/// to the bus, without waiting for any socket. Any thread.
public final class Publisher {

  private final Channels channels;
  private final Lanes lanes;
  private final Bus bus;
  private final Changes changes;
  private final ServerListener listener;

  /// @param changes receives the client events
  /// @param listener counts all events
  public Publisher(
      Channels channels, Lanes lanes, Bus bus, Changes changes, ServerListener listener) {
    this.channels = channels;
    this.lanes = lanes;
    this.bus = bus;
    this.changes = changes;
    this.listener = listener;
  }

  /// Publishes all of the events in order, or none and returns false if a lane with subscribers is
  /// overloaded; the caller then refuses the request.
  public boolean publish(LiveApp live, List<Publication> publications) {
    App app = live.current();
    for (Publication publication : publications) {
      Channel channel = channels.find(app, publication.channel().value());
      if (channel != null && !lanes.hasRoom(channel, publication.fromApi())) {
        return false;
      }
    }
    for (Publication publication : publications) {
      bus.publish(publication.busMessage(app.id()));
      deliverLocally(live, publication);
      if (!publication.fromApi()) {
        reportClientEvent(app, publication);
      }
    }
    return true;
  }

  /// Why [#publish] has just refused these, without a full stop.
  public String problem(App app, List<Publication> publications) {
    for (Publication publication : publications) {
      Channel channel = channels.find(app, publication.channel().value());
      String problem = channel == null ? "" : lanes.problem(channel, publication.fromApi());
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return "a lane was overloaded a moment ago";
  }

  /// Delivers an event of this or another node to this node's subscribers.
  public void deliverLocally(LiveApp live, Publication publication) {
    App app = live.current();
    String name = publication.channel().value();
    Origin origin = publication.fromApi() ? Origin.HTTP : Origin.CLIENT;
    listener.published(app, name, origin, publication.data().length());
    if (publication.fromApi() && publication.channel().isCached()) {
      cacheAndDeliver(live, publication);
      return;
    }
    Channel channel = channels.find(app, name);
    if (channel != null) {
      lanes.deliver(Outbound.event(channel, publication.message(), publication.exceptSocketId()));
    }
  }

  private void reportClientEvent(App app, Publication publication) {
    Channel channel = channels.find(app, publication.channel().value());
    if (channel != null) {
      changes.report(new Change.ClientEvent(app, channel, publication));
    }
  }

  private void cacheAndDeliver(LiveApp live, Publication publication) {
    CachedEvent event =
        new CachedEvent(
            publication.event(), publication.data(), channels.cacheExpiryNs(live.current()));
    channels.cache(
        live,
        publication.channel(),
        event,
        (channel, sequence) ->
            lanes.deliver(
                Outbound.cached(
                    channel, publication.message(), publication.exceptSocketId(), sequence)));
  }
}
