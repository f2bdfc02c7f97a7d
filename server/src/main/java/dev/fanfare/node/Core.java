package dev.fanfare.node;

import dev.fanfare.auth.RequestAuth;
import dev.fanfare.budget.Ledger;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Lane;
import dev.fanfare.channel.Lanes;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.SharedChanges;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Watchlists;
import java.util.List;

/// Everything between the sockets and what is outside of the server; immutable.
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
  /// @param outside receives what is decided about channels
  /// @param listener observes everything else
  static Core of(
      List<Lane> all,
      String prefix,
      FanfareServer.Clocks clocks,
      Changes outside,
      ServerListener listener,
      Ledger ledger) {
    NanoClock clock = clocks.monotonic();
    Bus bus = new LocalBus();
    Lanes lanes = new Lanes(all);
    Changes changes = outside.and(new SharedChanges(bus));
    Channels channels = new Channels(lanes, changes, clock, ledger.caches());
    return new Core(
        lanes,
        channels,
        new Publisher(channels, lanes, bus, changes, listener),
        new Sessions(),
        new Watchlists(clock),
        new RequestAuth(clocks.wall(), listener, prefix),
        bus,
        new Readiness(),
        new Shedding(),
        new Reloads(clocks.wall().millis()));
  }
}
