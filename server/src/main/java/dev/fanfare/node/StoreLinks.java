package dev.fanfare.node;

import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.PresenceLogs;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.HistoryLinks;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connects the store of all nodes with the channels of this node and with the other nodes.
record StoreLinks(CurrentApps apps, Channels channels, Bus bus) implements HistoryLinks {

  /// What clients of a node get that does not know what a purge is.
  private static final String EVENT = "fanfare:purged";

  @Override
  public void wake(String appId, String channel) {
    channels.drain(appId, channel);
  }

  @Override
  public void purged(String appId, ChannelName channel, EventId through) {
    Publication notice = new Publication(channel, EVENT, "{}", null, null, Origin.HTTP);
    BusMessage.Place place = BusMessage.Place.purge(through.ms(), through.number());
    bus.publish(new BusMessage.Event(appId, notice, place));
  }

  @Override
  public long self() {
    return bus.nodes().self();
  }

  @Override
  public Set<Long> alive() {
    NodesView nodes = bus.nodes();
    return nodes.isHearing() && nodes.isSettled() ? Set.copyOf(nodes.known()) : Set.of();
  }

  @Override
  public void present(
      String appId, ChannelName channel, Consumer<@Nullable Collection<String>> to) {
    if (apps.byId(appId) instanceof LiveApp app) {
      PresenceLogs.present(channels, app, channel, to);
    } else {
      to.accept(null);
    }
  }
}
