package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.ListPart;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.AttemptLog;
import dev.fanfare.console.row.Row;
import dev.fanfare.http.Response;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.Outbox;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Supplier;

/// The webhooks of an app on this node: lists, replays and purges them. Shows neither headers nor
/// what may be secret in a URL. Any thread; may block on a disk.
public final class WebhookActs {

  private static final String PENDING = "pending";
  private static final String DELIVERED = "delivered";
  private static final String DEAD = "dead";

  private final ApiRequests api;
  private final Outbox outbox;
  private final AttemptLog attempts;

  /// @param api carries out what the HTTP API has too
  public WebhookActs(ApiRequests api, Outbox outbox, AttemptLog attempts) {
    this.api = api;
    this.outbox = outbox;
    this.attempts = attempts;
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    String path = ConsoleRoute.OF_APP + "webhooks";
    return List.of(
        ConsoleRoute.get(path, this::list),
        ConsoleRoute.post(path + "/{webhook}/replay", Access.OPERATOR, this::replay),
        ConsoleRoute.post(path + "/purge", Access.ADMIN, this::purge));
  }

  /// The endpoints, and one state of events: those that are pending or dead, oldest first, or the
  /// requests that were accepted lately, newest first.
  private Reply list(ConsoleCall call) {
    String state = call.text("state").isEmpty() ? DEAD : call.text("state");
    if (!List.of(PENDING, DELIVERED, DEAD).contains(state)) {
      return Reply.refusal(400, "state must be pending, delivered or dead");
    }
    return switch (ListPart.parse(call.query())) {
      case Parsed.Bad<ListPart> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<ListPart>(ListPart page) ->
          switch (ListPart.number(call.query(), "after", 0)) {
            case Parsed.Bad<Long> bad -> Reply.refusal(400, bad.reason());
            case Parsed.Ok<Long>(Long after) -> list(call.ofApp(), state, after, page.limit());
          };
    };
  }

  private Reply list(App app, String state, long after, int limit) {
    EndpointNames names = names(app);
    Json.Writer out = Json.object();
    endpoints(out, app, names);
    out.field("state", state).startArray("events");
    long next =
        switch (state) {
          case PENDING -> pending(out, app, names, after, limit);
          case DELIVERED -> delivered(out, app, names, limit);
          default -> dead(out, app, names, after, limit);
        };
    out.endArray();
    if (next > 0) {
      out.field("next", Long.toString(next));
    }
    return Reply.of(out);
  }

  /// The endpoints that are configured, and those that still have events.
  private EndpointNames names(App app) {
    SequencedSet<String> ids = new LinkedHashSet<>();
    app.webhooks().forEach(endpoint -> ids.add(endpoint.id()));
    for (Map<Outbox.Target, Integer> counts :
        List.of(outbox.pendingByTarget(), outbox.deadByTarget())) {
      counts.keySet().stream()
          .filter(target -> target.appId().equals(app.id()))
          .forEach(target -> ids.add(target.endpoint()));
    }
    return EndpointNames.of(ids);
  }

  private void endpoints(Json.Writer out, App app, EndpointNames names) {
    Map<Outbox.Target, Integer> pending = outbox.pendingByTarget();
    Map<Outbox.Target, Integer> dead = outbox.deadByTarget();
    out.startArray("endpoints");
    for (String id : names.ids()) {
      Outbox.Target target = new Outbox.Target(app.id(), id);
      AttemptLog.Summary summary = attempts.of(app, id);
      out.startElement().field("url", names.shown(id));
      out.field(PENDING, pending.getOrDefault(target, 0));
      out.field(DELIVERED, summary.delivered());
      out.field(DEAD, dead.getOrDefault(target, 0));
      AttemptLog.Attempt last = summary.last();
      if (last != null) {
        out.startObject("last").field("t", last.atMs()).field("status", last.answer().status());
        out.field("ms", last.answer().ms()).field("text", last.answer().failure()).endObject();
      }
      if (summary.nextTryMs() > 0 && pending.containsKey(target)) {
        out.field("next_try", summary.nextTryMs());
      }
      out.endObject();
    }
    out.endArray();
  }

  /// Each of these returns the `after` of the next page; 0 if there is none.
  private long pending(Json.Writer out, App app, EndpointNames names, long after, int limit) {
    List<Outbox.Entry> found = outbox.pending(app.id(), after, limit);
    for (Outbox.Entry entry : found) {
      event(out, names, entry, entry.draft().createdMs());
      out.field("attempts", outbox.attempts(entry.id())).field("text", "").endObject();
    }
    return found.size() == limit ? found.getLast().id() : 0;
  }

  private long dead(Json.Writer out, App app, EndpointNames names, long after, int limit) {
    List<Outbox.DeadLetter> found = outbox.deadLetters(app.id(), after, limit);
    for (Outbox.DeadLetter letter : found) {
      event(out, names, letter.entry(), letter.diedMs());
      out.field("attempts", letter.attempts()).field("text", letter.reason()).endObject();
    }
    return found.size() == limit ? found.getLast().entry().id() : 0;
  }

  private static void event(Json.Writer out, EndpointNames names, Outbox.Entry entry, long ms) {
    Outbox.Draft draft = entry.draft();
    out.startElement().field("id", Long.toString(entry.id())).field("t", ms);
    out.field("endpoint", names.shown(draft.endpoint()));
    out.strings("names", List.of(AttemptLog.name(draft.event())));
    out.field("channel", draft.channel());
  }

  /// One request after the other, which may have had several events.
  private long delivered(Json.Writer out, App app, EndpointNames names, int limit) {
    record Delivered(String endpoint, AttemptLog.Attempt attempt) {}

    List<Delivered> all = new ArrayList<>();
    for (String id : names.ids()) {
      for (AttemptLog.Attempt attempt : attempts.of(app, id).attempts()) {
        if (attempt.answer().failure().isEmpty()) {
          all.add(new Delivered(id, attempt));
        }
      }
    }
    all.sort((a, b) -> Long.compare(b.attempt.atMs(), a.attempt.atMs()));
    for (Delivered each : all.subList(0, Math.min(limit, all.size()))) {
      out.startElement().field("t", each.attempt.atMs());
      out.field("endpoint", names.shown(each.endpoint)).strings("names", each.attempt.names());
      out.field("channel", each.attempt.channel()).field("events", each.attempt.events());
      out.field("status", each.attempt.answer().status());
      out.field("ms", each.attempt.answer().ms()).field("text", "").endObject();
    }
    return 0;
  }

  private Reply replay(ConsoleCall call) {
    String id = call.names().getFirst();
    String path = "/webhooks/" + ConsoleRoute.value(id) + "/replay";
    Response answer = send(call, new ApiRequests.Message("POST", path, "", new byte[0]));
    String object = "webhook " + Row.cut(id);
    String reason = answer.reason();
    if (reason != null) {
      return Noted.refused(call, "replay", object, answer.status(), reason);
    }
    Noted.done(call, "replay", object);
    return Reply.of(Json.object().field("replayed", true));
  }

  private Response send(ConsoleCall call, ApiRequests.Message message) {
    Supplier<String> address = call.sent()::address;
    return api.send(call.ofApp(), message, address);
  }

  private Reply purge(ConsoleCall call) {
    return switch (call.texts()) {
      case Parsed.Bad<Map<String, String>> bad ->
          Noted.refused(call, "purge", "", 400, bad.reason());
      case Parsed.Ok<Map<String, String>>(Map<String, String> sent) ->
          purge(call, sent.getOrDefault("endpoint", ""), sent.getOrDefault("host", ""));
    };
  }

  private Reply purge(ConsoleCall call, String endpoint, String host) {
    String object = "webhooks of " + Row.cut(endpoint);
    String id = names(call.ofApp()).id(endpoint);
    if (id == null) {
      return Noted.refused(
          call, "purge", object, 404, "This app has no endpoint " + Row.cut(endpoint));
    }
    if (!host.equalsIgnoreCase(URI.create(id).getHost())) {
      return Noted.refused(call, "purge", object, 400, "host must be the endpoint's host name");
    }
    String query = "endpoint=" + ConsoleRoute.value(id);
    Response answer =
        send(call, new ApiRequests.Message("DELETE", "/webhooks", query, new byte[0]));
    String reason = answer.reason();
    if (reason != null) {
      return Noted.refused(call, "purge", object, answer.status(), reason);
    }
    Noted.done(call, "purge", object);
    return Reply.of(new String(answer.body(), StandardCharsets.UTF_8));
  }
}
