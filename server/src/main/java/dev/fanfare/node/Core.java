package dev.fanfare.node;

import dev.fanfare.auth.RequestAuth;
import dev.fanfare.bus.Bus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Lane;
import dev.fanfare.channel.Lanes;
import dev.fanfare.channel.Publisher;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Watchlists;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// Everything between the sockets and what is outside of the server; immutable.
@RecordBuilder
record Core(
    Lanes lanes,
    Channels channels,
    Publisher publisher,
    Sessions sessions,
    Watchlists watchlists,
    RequestAuth auth,
    Bus bus,
    Readiness readiness,
    Shedding shedding,
    Reloads reloads) {

  /// @param prefix the path prefix that signatures may cover
  static Core of(List<Lane> all, String prefix, FanfareServer.Clocks clocks, Outside outside) {
    NanoClock clock = clocks.monotonic();
    ServerListener listener = outside.listener();
    Bus bus = outside.bus();
    Lanes lanes = new Lanes(all);
    Changes changes = outside.changes();
    Channels channels = new Channels(lanes, changes, clock, outside.ledger().caches());
    Publisher publisher = new Publisher(channels, lanes, bus, changes, listener);
    Watchlists watchlists = new Watchlists(clock);
    bus.onMessage(new BusReceiver(outside.apps(), publisher, watchlists));
    return CoreBuilder.builder()
        .lanes(lanes)
        .channels(channels)
        .publisher(publisher)
        .sessions(new Sessions())
        .watchlists(watchlists)
        .auth(new RequestAuth(clocks.wall(), listener, prefix))
        .bus(bus)
        .readiness(new Readiness())
        .shedding(new Shedding())
        .reloads(new Reloads(clocks.wall().millis()))
        .build();
  }
}
