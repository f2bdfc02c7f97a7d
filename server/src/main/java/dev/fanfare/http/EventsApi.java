package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.PublishSpans;
import dev.fanfare.channel.Publisher;
import dev.fanfare.http.once.Fingerprint;
import dev.fanfare.http.once.IdempotencyKeys;
import dev.fanfare.http.once.KeyUse;
import dev.fanfare.http.once.KeyedBatch;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.protocol.HttpApi;
import dev.fanfare.protocol.HttpApi.BatchRequest;
import dev.fanfare.protocol.HttpApi.EventRequest;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Publishing over HTTP: `events`, `batch_events` and the legacy endpoint (sections 6.4, 6.5,
/// 6.10).
public final class EventsApi {

  private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);

  private static final EventRequest EMPTY = new EventRequest(null, null, List.of(), null, null);

  private final Info info;
  private final Publishing publishing;

  /// @param keys under which publishers have published
  /// @param listener is notified of each event that was published
  /// @param shedding may refuse publishes
  /// @param spans follows publishes of traces; null if nothing does
  public EventsApi(
      Publisher publisher,
      IdempotencyKeys keys,
      Quotas quotas,
      Info info,
      ServerListener listener,
      Shedding shedding,
      @Nullable PublishSpans spans) {
    this.info = info;
    this.publishing = new Publishing(publisher, keys, quotas, listener, shedding, spans);
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed(
            "POST",
            "/apps/{id}/events",
            call -> publish(call.live(), call.query(), call.request())),
        Route.signed(
            "POST", "/apps/{id}/batch_events", call -> publishBatch(call.live(), call.request())),
        Route.signed(
            "POST",
            "/apps/{id}/channels/{name}/events",
            call -> publishLegacy(call.live(), call.name(), call.query(), call.request())));
  }

  Answer publish(LiveApp live, Query query, Request request) {
    byte[] body = request.body();
    Parsed<EventRequest> event =
        body.length == 0 ? new Parsed.Ok<>(EMPTY) : HttpApi.readEvent(body);
    return switch (event) {
      case Parsed.Bad<EventRequest> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<EventRequest> ok ->
          publish(live, HttpApi.completed(ok.value(), query), request);
    };
  }

  Answer publishBatch(LiveApp live, Request request) {
    return switch (HttpApi.readBatch(request.body())) {
      case Parsed.Bad<BatchRequest> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<BatchRequest> ok -> publishBatch(live, ok.value().batch(), request);
    };
  }

  /// `POST …/channels/NAME/events?name=EVENT`, the body being the data. The SDKs of 2010 to 2012
  /// compare the body of the response.
  Answer publishLegacy(LiveApp live, String channel, Query query, Request request) {
    EventRequest event =
        new EventRequest(
            query.get("name"),
            new String(request.body(), StandardCharsets.UTF_8),
            List.of(channel),
            HttpApi.nonEmpty(query, "socket_id"),
            null);
    EventCheck check = EventCheck.of(live.current(), event);
    if (check.refusal() != null) {
      return Response.refusal(check.refusal());
    }
    List<Publication> publications = check.publications();
    Response success = Response.success(202, "202 ACCEPTED\n");
    String key = Publishing.header(request);
    KeyUse use = key == null ? null : new KeyUse(key, Fingerprint.of(List.of(event)));
    return publishing.publish(live, use, publications, request, _ -> DONE, _ -> success);
  }

  private Answer publish(LiveApp live, EventRequest event, Request request) {
    App app = live.current();
    EventCheck check = EventCheck.of(app, event);
    if (check.refusal() != null) {
      return Response.refusal(check.refusal());
    }
    return switch (Info.parse(event.info(), Info.ofEvent(app))) {
      case Parsed.Bad<Set<Info.Attribute>> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<Set<Info.Attribute>>(Set<Info.Attribute> requested) ->
          publish(live, event, check.publications(), requested, request);
    };
  }

  private Answer publish(
      LiveApp live,
      EventRequest event,
      List<Publication> publications,
      Set<Info.Attribute> requested,
      Request request) {
    boolean isPlain = requested.isEmpty();
    String own = event.idempotencyKey();
    String key = own == null ? Publishing.header(request) : own;
    return publishing.publish(
        live,
        key == null ? null : new KeyUse(key, Fingerprint.of(List.of(event))),
        publications,
        request,
        ids -> isPlain ? DONE : info.counts(live.current(), publications, requested, ids),
        isPlain ? Response::json : info::answer);
  }

  private Answer publishBatch(LiveApp live, List<EventRequest> batch, Request request) {
    App app = live.current();
    int limit = app.limits().maxBatchEvents();
    if (batch.isEmpty()) {
      return Response.refusal(400, "The batch has no events, it must have 1 to " + limit);
    }
    if (batch.size() > limit) {
      return Response.refusal(
          400,
          "Batch too large ("
              + batch.size()
              + " > "
              + limit
              + "), the setting is max_batch_events");
    }
    List<Publication> publications = new ArrayList<>();
    List<Set<Info.Attribute>> requested = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Response refused = check(app, batch.get(i), publications, requested);
      if (refused != null) {
        String where = batch.size() == 1 ? "" : " (event " + i + " of the batch)";
        return Response.refusal(refused.status(), refused.reason() + where);
      }
    }
    return publishBatch(live, batch, publications, requested, request);
  }

  private Answer publishBatch(
      LiveApp live,
      List<EventRequest> batch,
      List<Publication> publications,
      List<Set<Info.Attribute>> requested,
      Request request) {
    App app = live.current();
    boolean isPlain = requested.stream().allMatch(Set::isEmpty);
    KeyedBatch several = KeyedBatch.of(batch);
    if (several != null) {
      return publishing.batch(
          live,
          several,
          publications,
          request,
          (i, id) -> info.count(app, publications.get(i).channel(), requested.get(i), id),
          all -> isPlain ? Response.json(DONE) : info.answer(all));
    }
    String key = Publishing.header(request);
    return publishing.publish(
        live,
        key == null ? null : new KeyUse(key, Fingerprint.of(batch)),
        publications,
        request,
        ids -> isPlain ? DONE : info.batchCounts(app, publications, requested, ids),
        isPlain ? Response::json : info::answer);
  }

  private static @Nullable Response check(
      App app,
      EventRequest event,
      List<Publication> publications,
      List<Set<Info.Attribute>> requested) {
    if (event.channels().size() > 1) { // an event of a batch has one `channel`
      return Response.refusal(400, "Missing required parameter: channel");
    }
    EventCheck check = EventCheck.of(app, event);
    if (check.refusal() != null) {
      return Response.refusal(check.refusal());
    }
    publications.addAll(check.publications());
    return switch (Info.parse(event.info(), Info.ofEvent(app))) {
      case Parsed.Bad<Set<Info.Attribute>> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<Set<Info.Attribute>> ok -> {
        requested.add(ok.value());
        yield null;
      }
    };
  }
}
