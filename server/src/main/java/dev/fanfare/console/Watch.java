package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.channel.Change;
import dev.fanfare.channel.ChangeListener;
import dev.fanfare.channel.Tracing;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.console.row.AttemptLog;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.OwnPublish;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.ShownUrl;
import dev.fanfare.observe.GivenSignature;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.observe.SecretMask;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Publication;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// Collects what happens as rows in a bounded queue. It is called on event loops, partly while a
/// channel's entry is held, so it only takes references and writes no JSON. What does not fit is
/// counted and forgotten.
final class Watch implements ServerListener, ChangeListener, Tracing {

  static final int MAX_ROWS = 8_192;

  private static final Pattern PUBLISH =
      Pattern.compile("/apps/[^/]+/(?:events|batch_events|channels/[^/]+/events)");

  private final MpscAtomicArrayQueue<Row> rows = new MpscAtomicArrayQueue<>(MAX_ROWS);
  private final LongAdder lost = new LongAdder();
  private final Traces traces;
  private final AttemptLog attempts;
  private final Moments moments;
  private final Apps apps;
  private final Share share;
  private final BooleanSupplier wantsRequests;

  /// Hides secrets that were sent in place of something else.
  private volatile SecretMask mask;

  /// @param apps to find those that a refused connection names
  /// @param share of the heap for what was signed wrongly
  /// @param wantsRequests true while there is a reader for the requests of the HTTP API
  Watch(
      Traces traces,
      AttemptLog attempts,
      Moments moments,
      Apps apps,
      Share share,
      BooleanSupplier wantsRequests) {
    this.traces = traces;
    this.attempts = attempts;
    this.moments = moments;
    this.apps = apps;
    this.share = share;
    this.wantsRequests = wantsRequests;
    this.mask = SecretMask.of(apps.known());
  }

  /// The oldest row if it is older than a time on the clock of rows, else null. One thread only.
  @Nullable Row poll(long beforeNs) {
    Row oldest = rows.peek();
    if (oldest == null || oldest.atNs() - beforeNs > 0) {
      return null;
    }
    var _ = rows.poll();
    return oldest instanceof Row.Refused refused ? refused.masked(mask) : oldest;
  }

  /// Hides the secrets of these apps from now on, too.
  void hide(Collection<App> configured) {
    mask = mask.and(configured);
  }

  /// True if no row waits.
  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// Rows that did not fit so far.
  long lost() {
    return lost.sum();
  }

  private boolean offer(Row row) {
    boolean fits = rows.offer(row);
    if (!fits) {
      lost.increment();
    }
    return fits;
  }

  @Override
  public @Nullable DeliveryTrace begin(
      App app, Publication publication, int subscribers, @Nullable Supplier<String> address) {
    EventTrace trace = traces.accepted(app.id(), publication, subscribers, address);
    if (address instanceof OwnPublish own) {
      own.add(trace);
    }
    if (!offer(new Row.Published(trace))) {
      trace.abandon();
    }
    return trace;
  }

  @Override
  public DeliveryTrace arrived(
      App app, Publication publication, long id, long asOfNs, int subscribers) {
    return traces.arrived(app.id(), publication, id, asOfNs, subscribers);
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    offer(new Row.Membership(moments.nowNs(), app.id(), peer.socketId(), channel, true));
  }

  @Override
  public void unsubscribed(App app, String channel, Peer peer) {
    offer(new Row.Membership(moments.nowNs(), app.id(), peer.socketId(), channel, false));
  }

  @Override
  public void onChange(Change change) {
    switch (change) {
      case Change.Occupied(App app, _) -> occupied(app, change, true);
      case Change.Vacated(App app, _) -> occupied(app, change, false);
      case Change.MemberAdded added -> member(change, added.member(), true);
      case Change.MemberRemoved removed -> member(change, removed.member(), false);
      default -> {} // known otherwise
    }
  }

  private void occupied(App app, Change change, boolean isOccupied) {
    offer(new Row.Occupancy(moments.nowNs(), app.id(), change.name(), isOccupied));
  }

  private void member(Change change, Member member, boolean isAdded) {
    String app = change.app().id();
    offer(new Row.MemberChange(moments.nowNs(), app, change.name(), member.userId(), isAdded));
  }

  /// The configuration was reloaded: a row for each app. Any thread.
  void reloaded(boolean isApplied) {
    long nowNs = moments.nowNs();
    apps.known().forEach(app -> offer(new Row.Reload(nowNs, app.id(), isApplied)));
  }

  @Override
  public void on(Observation observation) {
    long nowNs = moments.nowNs();
    switch (observation) {
      case Observation.ConnectionOpened(App app, Peer peer) ->
          offer(new Row.Opened(nowNs, app.id(), peer.socketId(), peer.address()));
      case Observation.ConnectionClosed(App app, Peer peer, int code, String reason) ->
          offer(
              new Row.Closed(
                  nowNs, app.id(), peer.socketId(), peer.address(), code, Row.cut(reason)));
      case Observation.SignedIn(App app, Peer peer, String userId) ->
          offer(new Row.SignedIn(nowNs, app.id(), peer.socketId(), userId));
      case Observation.EventsDropped(App app, Peer peer, int events) ->
          offer(new Row.Dropped(nowNs, app.id(), peer.socketId(), events));
      case Observation.QuotaExceeded quota ->
          offer(new Row.Limited(nowNs, quota.app().id(), quota.quota().setting()));
      case Observation.SubscriptionRefused refused ->
          refused(
              nowNs,
              refused.app().id(),
              new Row.Asked(
                  "subscription",
                  refused.peer().socketId(),
                  Row.cut(refused.channel()),
                  null,
                  refused.peer().address()),
              refused.code(),
              refused.reason(),
              evidence(refused.given()));
      case Observation.MessageRefused refused -> {
        Integer code = refused.code();
        Peer peer = refused.peer();
        refused(
            nowNs,
            refused.app().id(),
            new Row.Asked("message", peer.socketId(), null, null, peer.address()),
            code == null ? 0 : code,
            refused.reason(),
            null);
      }
      case Observation.ConnectionRefused refused -> connectionRefused(nowNs, refused);
      case RefusedRequest refused -> requestRefused(nowNs, refused);
      case HttpExchange exchange -> request(nowNs, exchange);
      case Observation.WebhookDelivered hook ->
          webhook(nowNs, hook.appId(), hook.endpoint(), Row.Webhook.DELIVERED, hook.events(), "");
      case Observation.WebhookAttempted sent -> attempts.add(sent);
      case Observation.WebhookRetried hook -> {
        attempts.add(hook);
        webhook(nowNs, hook.appId(), hook.endpoint(), "retried", hook.attempts(), hook.reason());
      }
      case Observation.WebhookDead hook ->
          webhook(nowNs, hook.appId(), hook.endpoint(), "dead", hook.events(), hook.reason());
      case Observation.WebhookDropped hook ->
          webhook(nowNs, hook.appId(), hook.endpoint(), "dropped", hook.events(), hook.reason());
      default -> {} // figures, and what belongs to no app
    }
  }

  private void request(long nowNs, HttpExchange exchange) {
    String app = exchange.appId();
    if (app != null && wantsRequests.getAsBoolean()) {
      offer(
          new Row.Request(nowNs, app, exchange.route(), exchange.status(), exchange.durationNs()));
    }
  }

  private void connectionRefused(long nowNs, Observation.ConnectionRefused refused) {
    App app = apps.knownByKey(refused.key());
    if (app != null) {
      refused(
          nowNs,
          app.id(),
          new Row.Asked("connection", null, null, null, refused.remote()),
          refused.code().code(),
          refused.reason(),
          null);
    }
  }

  private void requestRefused(long nowNs, RefusedRequest refused) {
    String app = refused.appId();
    if (app != null) {
      String request = refused.method() + " " + Row.cut(refused.path());
      refused(
          nowNs,
          app,
          new Row.Asked("request", null, null, request, refused.address()),
          refused.status(),
          refused.reason(),
          refused.status() == 401 ? Row.Evidence.of("", refused.query(), share) : null);
      if (refused.method().equals("POST") && PUBLISH.matcher(refused.path()).matches()) {
        traces.refused(app, shortened(refused));
      }
    }
  }

  private RefusedRequest shortened(RefusedRequest refused) {
    return refused
        .withPath(Row.masked(mask, Row.cut(refused.path())))
        .withReason(Row.masked(mask, Row.cut(refused.reason())))
        .withQuery("");
  }

  private Row.@Nullable Evidence evidence(@Nullable GivenSignature given) {
    return given == null ? null : Row.Evidence.of(given.auth(), given.channelData(), share);
  }

  private void refused(
      long nowNs,
      String app,
      Row.Asked asked,
      int status,
      String reason,
      Row.@Nullable Evidence evidence) {
    Row.Refused row = new Row.Refused(nowNs, app, asked, status, Row.cut(reason), evidence);
    if (!offer(row)) {
      row.release(share);
    }
  }

  private void webhook(
      long nowNs, String app, @Nullable String endpoint, String outcome, int count, String reason) {
    String shown = endpoint == null ? "" : ShownUrl.of(endpoint);
    offer(new Row.Webhook(nowNs, app, shown, outcome, count, Row.cut(reason)));
  }
}
