package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Selection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An app's pending and undelivered webhooks: lists, shows, replays and deletes them. The outbox
/// may block, so every response is computed later.
public final class WebhooksApi {

  static final int MAX_LIMIT = 1_000;

  private static final int DEFAULT_LIMIT = 100;
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");
  private static final Pattern LIMIT = Pattern.compile("[0-9]{1,9}");

  private final Outbox outbox;
  private final Quotas quotas;
  private final InstantSource clock;
  private final Consumer<List<Outbox.Entry>> onReplayed;

  /// @param onReplayed gets the entries that were accepted again, on any thread; must not throw
  public WebhooksApi(
      Outbox outbox, Quotas quotas, InstantSource clock, Consumer<List<Outbox.Entry>> onReplayed) {
    this.outbox = outbox;
    this.quotas = quotas;
    this.clock = clock;
    this.onReplayed = onReplayed;
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed("GET", "/apps/{id}/webhooks", call -> list(call.app(), call.query())),
        Route.signed("DELETE", "/apps/{id}/webhooks", call -> purge(call.app(), call.query())),
        Route.signed("GET", "/apps/{id}/webhooks/{webhook}", call -> show(call.app(), call.name())),
        Route.signed(
            "POST", "/apps/{id}/webhooks/replay", call -> replay(call.app(), call.query())),
        Route.signed(
            "POST",
            "/apps/{id}/webhooks/{webhook}/replay",
            call -> replay(call.app(), call.name())));
  }

  /// `GET …/webhooks`: one page and the counts; `next` is the `after` of the next page.
  Answer list(App app, Query query) {
    String state = orElse(query.get("state"), "dead");
    String after = orElse(query.get("after"), "0");
    String limit = orElse(query.get("limit"), String.valueOf(DEFAULT_LIMIT));
    if (!state.equals("dead") && !state.equals("pending")) {
      return refused("state", state, "dead or pending");
    }
    if (!ID.matcher(after).matches()) {
      return refused("after", after, "a webhook id, or 0");
    }
    int count = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
    if (count < 1 || count > MAX_LIMIT) {
      return refused("limit", limit, "a whole number from 1 to " + MAX_LIMIT);
    }
    long from = Long.parseLong(after);
    return with(
        app,
        query,
        some -> state.equals("dead") ? dead(some, from, count) : pending(some, from, count));
  }

  /// Answers a request for those of the app's webhooks that the query selects.
  private Answer with(App app, Query query, Function<Selection, Response> work) {
    return switch (WebhookQuery.read(app, query)) {
      case Parsed.Bad(String reason) -> Response.refusal(400, reason);
      case Parsed.Ok(Selection some) -> answer(app, () -> work.apply(some));
    };
  }

  /// Answers a valid read, unless the app has used up its rate.
  private Answer answer(App app, Supplier<Response> work) {
    Response refused = quotas.takeRead(app);
    return refused == null ? new Answer.Later(work) : refused;
  }

  private static String orElse(@Nullable String value, String fallback) {
    return value == null || value.isEmpty() ? fallback : value;
  }

  private static Response refused(String name, String value, String allowed) {
    return Response.refusal(400, name + " is \"" + value + "\", but must be " + allowed);
  }

  private Response dead(Selection some, long after, int limit) {
    // One more than requested, to know whether there is a next page.
    List<Outbox.DeadLetter> letters = outbox.deadLetters(some, after, limit + 1);
    return Response.json(WebhookJson.dead(letters, limit, outbox));
  }

  private Response pending(Selection some, long after, int limit) {
    List<Outbox.Entry> entries = outbox.pending(some, after, limit + 1);
    return Response.json(WebhookJson.pending(entries, limit, outbox));
  }

  /// `GET …/webhooks/ID`.
  Answer show(App app, String id) {
    return ID.matcher(id).matches()
        ? answer(app, () -> show(app.id(), Long.parseLong(id)))
        : badId(id);
  }

  private Response show(String appId, long id) {
    Optional<Outbox.DeadLetter> letter = outbox.deadLetter(appId, id);
    if (letter.isPresent()) {
      return Response.json(WebhookJson.dead(letter.get()));
    }
    Optional<Outbox.Entry> entry = findPending(appId, id);
    if (entry.isPresent()) {
      return Response.json(WebhookJson.pending(entry.get()));
    }
    return Response.refusal(
        404,
        "This app has no webhook "
            + id
            + " that is pending or dead: it was delivered, replayed, deleted or dropped, or never"
            + " existed");
  }

  private Optional<Outbox.Entry> findPending(String appId, long id) {
    return outbox.pending(appId, id - 1, 1).stream().filter(entry -> entry.id() == id).findFirst();
  }

  /// `POST …/webhooks/ID/replay`: accepts a dead letter again under a new id.
  Answer replay(App app, String id) {
    return ID.matcher(id).matches()
        ? new Answer.Later(() -> replay(app.id(), Long.parseLong(id)))
        : badId(id);
  }

  private Response replay(String appId, long id) {
    Optional<Outbox.Entry> entry = outbox.replay(appId, id, clock.millis());
    if (entry.isEmpty()) {
      String pending = findPending(appId, id).isPresent() ? "; it is still pending" : "";
      return Response.refusal(404, "This app has no dead webhook " + id + pending);
    }
    onReplayed.accept(List.of(entry.get()));
    return Response.json(WebhookJson.replayed(entry.get().id(), id));
  }

  /// `POST …/webhooks/replay`: accepts dead letters again, all or some.
  Answer replay(App app, Query query) {
    return with(
        app,
        query,
        some -> {
          int replayed = outbox.replay(some, clock.millis(), onReplayed);
          return Response.json(WebhookJson.count("replayed", replayed));
        });
  }

  /// `DELETE …/webhooks`: deletes dead letters, all or some. Not limited by a quota.
  Answer purge(App app, Query query) {
    return switch (WebhookQuery.read(app, query)) {
      case Parsed.Bad(String reason) -> Response.refusal(400, reason);
      case Parsed.Ok(Selection some) ->
          new Answer.Later(() -> Response.json(WebhookJson.count("purged", outbox.purge(some))));
    };
  }

  private static Response badId(String id) {
    return Response.refusal(400, "A webhook id is a number, not \"" + id + "\"");
  }
}
