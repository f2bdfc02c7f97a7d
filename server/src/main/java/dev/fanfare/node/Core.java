package dev.fanfare.node;

import dev.fanfare.app.Apps;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.Sharing;
import dev.fanfare.channel.Tracing;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.session.ClientEvents;
import dev.fanfare.session.SessionContext;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.SigningIn;
import dev.fanfare.session.Subscribing;
import dev.fanfare.session.Watchlists;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.server.NettyServer;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    Sharing sharing = bus instanceof LocalBus ? null : sharing(clocks, outside.cluster());
    Channels channels =
        new Channels(lanes, changes, clock, outside.ledger().caches(), outside.store(), sharing);
    Tracing tracing = outside.tracing(all.size());
    Publisher publisher = new Publisher(channels, lanes, bus, changes, listener, tracing);
    Sessions sessions = new Sessions(bus);
    Watchlists watchlists = new Watchlists(clock, bus);
    bus.onMessage(
        BusReceiverBuilder.builder()
            .apps(outside.apps())
            .channels(channels)
            .publisher(publisher)
            .sessions(sessions)
            .watchlists(watchlists)
            .webhooks(outside.webhooks()::receive)
            .consoles(outside.console()::receive)
            .clock(NanoClock.SYSTEM)
            .build());
    return CoreBuilder.builder()
        .lanes(lanes)
        .channels(channels)
        .publisher(publisher)
        .sessions(sessions)
        .watchlists(watchlists)
        .auth(new RequestAuth(clocks.wall(), listener, prefix))
        .bus(bus)
        .readiness(new Readiness())
        .shedding(new Shedding())
        .reloads(new Reloads(clocks.wall().millis()))
        .build();
  }

  /// What refuses new work under load.
  Overload overload(FileBudget files, FanfareServer.Clocks clocks) {
    return new Overload(
        readiness, shedding, lanes, files, HeapSpace.ofThisProcess(), clocks.monotonic());
  }

  /// What sessions share.
  SessionContext sessionContext(FanfareServer.Clocks clocks, ServerListener listener) {
    return new SessionContext(
        sessions,
        new Subscribing(channels, listener, shedding),
        new ClientEvents(channels, publisher, listener, shedding),
        new SigningIn(watchlists),
        listener,
        clocks.monotonic());
  }

  /// What reports mistakes of the configuration that show later.
  Misconfiguration misconfiguration(
      NettyServer netty, FanfareServer.Clocks clocks, Outside outside) {
    Apps configured = outside.stored() == null ? outside.apps() : null;
    return new Misconfiguration(
        readiness,
        configured,
        () -> netty.certificates().expiry(),
        outside.acme()::waiting,
        clocks.wall());
  }

  private static Sharing sharing(FanfareServer.Clocks clocks, ClusterOptions options) {
    return new Sharing(
        NanoClock.SYSTEM,
        clocks.wall(),
        TimeUnit.SECONDS.toNanos(options.handoverSeconds()),
        new SecureRandom().nextInt());
  }
}
