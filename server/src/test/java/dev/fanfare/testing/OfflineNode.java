package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.ObservedChanges;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
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
import dev.fanfare.http.once.LocalKeys;
import dev.fanfare.http.operator.AppDesk;
import dev.fanfare.http.operator.AppsApi;
import dev.fanfare.http.operator.Operators;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.session.ClientEvents;
import dev.fanfare.session.SessionContext;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.SigningIn;
import dev.fanfare.session.Subscribing;
import dev.fanfare.session.Users;
import dev.fanfare.session.Watchlists;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.List;

/// All of a node but its sockets and threads: cheap enough to build for every input of a fuzz test.
public final class OfflineNode {

  private final ManualClock clock = new ManualClock();
  private final App app;
  private final Apps apps;
  private final ServerListener listener;
  private final RequestAuth auth;
  private final RouteTable routes;
  private final Router router;
  private final Channels channels;
  private final Publisher publisher;
  private final Sessions sessions = new Sessions();
  private final Watchlists watchlists;
  private final SessionContext sessionContext;

  /// A node whose one lane does nothing; enough for requests.
  public OfflineNode() {
    this(TestNode.APP);
  }

  /// The same with another app.
  public OfflineNode(App app) {
    this(
        new Lane(0, new InlineLoop(), new InlineLoop(), () -> true, _ -> () -> {}),
        ServerListener.NONE,
        app);
  }

  public OfflineNode(Lane lane) {
    this(lane, ServerListener.NONE);
  }

  public OfflineNode(Lane lane, ServerListener listener) {
    this(lane, listener, TestNode.APP);
  }

  public OfflineNode(Lane lane, ServerListener listener, App app) {
    this(lane, listener, app, TestNode.apps(app));
  }

  /// @param apps where clients and publishers find `app`
  public OfflineNode(Lane lane, ServerListener listener, App app, Apps apps) {
    this.app = app;
    this.apps = apps;
    this.listener = listener;
    Shedding shedding = new Shedding();
    Lanes lanes = new Lanes(List.of(lane));
    Changes changes = new Changes(List.of(new ObservedChanges(listener)));
    channels = new Channels(lanes, changes, clock);
    LocalBus bus = new LocalBus();
    publisher = new Publisher(channels, lanes, bus, changes, listener);
    watchlists = new Watchlists(clock, bus);
    sessionContext =
        new SessionContext(
            sessions,
            new Subscribing(channels, listener, shedding),
            new ClientEvents(channels, publisher, listener, shedding),
            new SigningIn(watchlists),
            listener,
            clock);
    Quotas quotas = new Quotas(clock, listener);
    Info info = new Info(channels, clock, bus);
    routes =
        new RouteTable(
            new EventsApi(
                publisher,
                new LocalKeys(new Share("idempotency", "", 1 << 20), clock, listener),
                quotas,
                info,
                listener,
                shedding,
                null),
            new ChannelsApi(channels, quotas, info),
            new HistoryApi(channels, quotas),
            new UsersApi(new Users(watchlists, bus)),
            new ConnectionsApi(sessions, quotas, clock, clock::instant),
            new WebhooksApi(Outboxes.inMemory(1), quotas, clock::instant, _ -> {}),
            new HealthApi(new Readiness(), Outboxes.inMemory(1), () -> ""),
            new AppsApi(new AppDesk(() -> null)).routes());
    auth = new RequestAuth(clock::instant, listener);
    router = router(routes);
  }

  public Apps apps() {
    return apps;
  }

  /// The only app.
  public LiveApp app() {
    return switch (apps.byId(app.id())) {
      case LiveApp live -> live;
      case Lookup other -> throw new IllegalStateException(other.toString());
    };
  }

  public Router router() {
    return router;
  }

  /// The same with other endpoints.
  public Router router(RouteTable others) {
    Operators operators = new Operators(auth, clock, _ -> {});
    return new Router(apps, auth, operators, listener, others, clock);
  }

  public RouteTable routes() {
    return routes;
  }

  public Channels channels() {
    return channels;
  }

  public Publisher publisher() {
    return publisher;
  }

  public Sessions sessions() {
    return sessions;
  }

  public Watchlists watchlists() {
    return watchlists;
  }

  public SessionContext sessionContext() {
    return sessionContext;
  }

  public ManualClock clock() {
    return clock;
  }

  public long epochSeconds() {
    return clock.instant().getEpochSecond();
  }
}
