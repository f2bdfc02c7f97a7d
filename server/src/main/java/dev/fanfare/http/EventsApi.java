package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.Publisher;
import dev.fanfare.history.EventId;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.HttpApi;
import dev.fanfare.protocol.HttpApi.BatchRequest;
import dev.fanfare.protocol.HttpApi.EventRequest;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Publishing over HTTP: `events`, `batch_events` and the legacy endpoint (sections 6.4, 6.5,
/// 6.10).
public final class EventsApi {

  private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);

  /// The disk is tried again every ten seconds.
  private static final String DISK_RETRY_SECONDS = "10";

  private static final EventRequest EMPTY = new EventRequest(null, null, List.of(), null, null);

  private final Publisher publisher;
  private final Quotas quotas;
  private final Info info;
  private final ServerListener listener;
  private final Shedding shedding;

  /// @param listener is notified of each event that was published
  /// @param shedding may refuse publishes
  public EventsApi(
      Publisher publisher, Quotas quotas, Info info, ServerListener listener, Shedding shedding) {
    this.publisher = publisher;
    this.quotas = quotas;
    this.listener = listener;
    this.shedding = shedding;
    this.info = info;
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
      case Parsed.Ok<EventRequest> ok -> publish(live, completed(ok.value(), query), request);
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
            nonEmpty(query, "socket_id"),
            null);
    EventCheck check = EventCheck.of(live.current(), event);
    if (check.refusal() != null) {
      return Response.refusal(check.refusal());
    }
    Response refused = tryPublish(live, check.publications(), request, new ArrayList<>(0));
    return refused == null
        ? whenWritten(live, check.publications(), Response.success(202, "202 ACCEPTED\n"))
        : refused;
  }

  private Answer publish(LiveApp live, EventRequest event, Request request) {
    App app = live.current();
    EventCheck check = EventCheck.of(app, event);
    if (check.refusal() != null) {
      return Response.refusal(check.refusal());
    }
    return switch (Info.parse(event.info(), Info.ofEvent(app))) {
      case Parsed.Bad<Set<Info.Attribute>> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<Set<Info.Attribute>> ok -> {
        List<@Nullable EventId> ids = new ArrayList<>(check.publications().size());
        Response refused = tryPublish(live, check.publications(), request, ids);
        if (refused != null) {
          yield refused;
        }
        yield whenWritten(
            live,
            check.publications(),
            ok.value().isEmpty()
                ? Response.json(DONE)
                : info.answer(counts(app, check.publications(), ok.value(), ids)));
      }
    };
  }

  private byte[] counts(
      App app,
      List<Publication> publications,
      Set<Info.Attribute> requested,
      List<@Nullable EventId> ids) {
    Json.Writer out = Json.object().startObject("channels");
    for (int i = 0; i < publications.size(); i++) {
      ChannelName name = publications.get(i).channel();
      out.startObject(name.value());
      info.write(out, app, name, requested);
      writeId(out, requested, ids.get(i));
      out.endObject();
    }
    return out.endObject().utf8();
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
    List<@Nullable EventId> ids = new ArrayList<>(publications.size());
    Response refused = tryPublish(live, publications, request, ids);
    if (refused != null) {
      return refused;
    }
    return whenWritten(
        live,
        publications,
        requested.stream().allMatch(Set::isEmpty)
            ? Response.json(DONE)
            : info.answer(batchCounts(app, publications, requested, ids)));
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

  private byte[] batchCounts(
      App app,
      List<Publication> publications,
      List<Set<Info.Attribute>> requested,
      List<@Nullable EventId> ids) {
    Json.Writer out = Json.object().startArray("batch");
    for (int i = 0; i < publications.size(); i++) {
      out.startElement();
      info.write(out, app, publications.get(i).channel(), requested.get(i));
      writeId(out, requested.get(i), ids.get(i));
      out.endObject();
    }
    return out.endArray().utf8();
  }

  private static void writeId(
      Json.Writer out, Set<Info.Attribute> requested, @Nullable EventId id) {
    if (id != null && requested.contains(Info.Attribute.ID)) {
      out.field("id", id.toString());
    }
  }

  /// Publishes all events or none. Returns null on success, else the refusal.
  ///
  /// @param ids collects those of the events, null for one that no rule keeps
  private @Nullable Response tryPublish(
      LiveApp live, List<Publication> publications, Request request, List<@Nullable EventId> ids) {
    if (shedding.check(Level.PUBLISHES) instanceof Parsed.Bad(String overload)) {
      return overloaded(overload);
    }
    App app = live.current();
    if (publisher.checkDisk(app, publications) instanceof Parsed.Bad(String failure)) {
      return unwritable(failure);
    }
    Response refused = quotas.takeEvents(app, publications.size());
    if (refused != null) {
      return refused;
    }
    Parsed<Parsed.Passed> published =
        publisher.publish(
            live,
            publications,
            (event, subscribers, id) -> {
              ids.add(id);
              report(app, event, subscribers, request);
            });
    if (published instanceof Parsed.Bad(String reason)) {
      quotas.giveBackEvents(app, publications.size());
      return overloaded("too many events are waiting for delivery; " + reason);
    }
    return null;
  }

  /// The response, but not before the events are in the files of rules that write them: once it is
  /// sent, they survive the process. If the disk fails, it is the same, unless publishers are
  /// refused then.
  private Answer whenWritten(LiveApp live, List<Publication> publications, Response response) {
    CompletableFuture<Boolean> written = publisher.written(live.current(), publications);
    return written == null
        ? response
        : new Answer.Later(() -> {
          var _ = written.join();
          return publisher.checkDisk(live.current(), publications)
                  instanceof Parsed.Bad(String failure)
              ? unwritable(failure)
              : response;
        });
  }

  private void report(App app, Publication publication, int subscribers, Request request) {
    listener.apiEvent(
        app,
        publication.channel().value(),
        publication.event(),
        publication.exceptSocketId(),
        subscribers,
        request.address());
  }

  private static Response unwritable(String reason) {
    return Response.refusal(503, reason).withHeader("Retry-After", DISK_RETRY_SECONDS);
  }

  private static Response overloaded(String reason) {
    return Response.refusal(503, "Over capacity: " + reason).withHeader("Retry-After", "1");
  }

  /// Fields that the body lacks may be in the query string (section 6.4).
  private static EventRequest completed(EventRequest body, Query query) {
    return new EventRequest(
        orElse(body.name(), query, "name"),
        body.data() == null ? query.get("data") : body.data(),
        body.channels().isEmpty() ? channels(query) : body.channels(),
        orElse(body.socketId(), query, "socket_id"),
        orElse(body.info(), query, "info"),
        body.keepSeconds());
  }

  private static @Nullable String orElse(@Nullable String value, Query query, String name) {
    return value == null ? nonEmpty(query, name) : value;
  }

  private static @Nullable String nonEmpty(Query query, String name) {
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static List<String> channels(Query query) {
    List<String> channels = query.all("channels");
    return (channels.isEmpty() ? query.all("channel") : channels).stream().distinct().toList();
  }
}
