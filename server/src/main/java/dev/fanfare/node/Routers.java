package dev.fanfare.node;

import dev.fanfare.http.ChannelsApi;
import dev.fanfare.http.ConnectionsApi;
import dev.fanfare.http.EventsApi;
import dev.fanfare.http.HealthApi;
import dev.fanfare.http.HistoryApi;
import dev.fanfare.http.Info;
import dev.fanfare.http.Quotas;
import dev.fanfare.http.RouteTable;
import dev.fanfare.http.Router;
import dev.fanfare.http.UsersApi;
import dev.fanfare.http.WebhooksApi;
import dev.fanfare.http.once.IdempotencyKeys;
import dev.fanfare.http.operator.AppDesk;
import dev.fanfare.http.operator.AppsApi;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.session.Users;

/// Makes the HTTP API of a server.
final class Routers {

  private Routers() {}

  /// All endpoints, over the parts of a server.
  static Router of(Core core, FanfareServer.Clocks clocks, Outside outside, IdempotencyKeys keys) {
    NanoClock clock = clocks.monotonic();
    Quotas quotas = new Quotas(clock, outside.listener(), outside.bus().shares());
    Info info = new Info(core.channels(), clock, core.bus());
    return new Router(
        outside.lookups(),
        core.auth(),
        outside.operators(),
        outside.listener(),
        new RouteTable(
            new EventsApi(
                core.publisher(),
                keys,
                quotas,
                info,
                outside.listener(),
                core.shedding(),
                outside.spans()),
            new ChannelsApi(core.channels(), quotas, info),
            new HistoryApi(core.channels(), quotas),
            new UsersApi(new Users(core.watchlists(), core.bus())),
            new ConnectionsApi(core.sessions(), quotas, clock, clocks.wall()),
            new WebhooksApi(outside.outbox(), quotas, clocks.wall(), outside.webhooks()::resume),
            new HealthApi(core.readiness(), outside.outbox(), outside.history()::problem),
            new AppsApi(new AppDesk(outside.catalog()::get)).routes()),
        clock);
  }
}
