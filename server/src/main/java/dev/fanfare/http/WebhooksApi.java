package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.webhook.Outbox;
import dev.fanfare.webhook.Selection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An app's pending and undelivered webhooks: lists, shows, replays and deletes them. The outbox
/// may block, so every answer comes later.
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

  /// `GET …/webhooks`: a page of them and the counts, `next` being the `after` of the next page.
  Answer list(App app, Query query) {
    String state = orElse(query.get("state"), "dead");
    String after = orElse(query.get("after"), "0");
    String limit = orElse(query.get("limit"), String.valueOf(DEFAULT_LIMIT));
    if (!state.equals("dead") && !state.equals("pending")) {
      return refused("state", state, "dead or pending");
    }
    if (!ID.matcher(after).matches()) {
      return refused("after", after, "the id of a webhook, or 0");
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

  /// Answers a question about some of the app's webhooks, if the query says which.
  private Answer with(App app, Query query, Function<Selection, Response> work) {
    return switch (WebhookQuery.read(app, query)) {
      case Parsed.Bad(String reason) -> Response.text(400, reason);
      case Parsed.Ok(Selection some) -> answer(app, () -> work.apply(some));
    };
  }

  /// Answers a question that is fine, if the app may still ask one.
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
    // One more than is shown tells whether there is a next page.
    List<Outbox.DeadLetter> letters = outbox.deadLetters(some, after, limit + 1);
    Json.Writer out = Json.object().startArray("webhooks");
    for (Outbox.DeadLetter letter : letters.subList(0, Math.min(limit, letters.size()))) {
      write(out.startElement(), letter);
      out.endObject();
    }
    out.endArray();
    return page(out, letters.stream().map(letter -> letter.entry().id()).toList(), limit);
  }

  private Response pending(Selection some, long after, int limit) {
    List<Outbox.Entry> entries = outbox.pending(some, after, limit + 1);
    Json.Writer out = Json.object().startArray("webhooks");
    for (Outbox.Entry entry : entries.subList(0, Math.min(limit, entries.size()))) {
      write(out.startElement(), entry, "pending");
      out.endObject();
    }
    out.endArray();
    return page(out, entries.stream().map(Outbox.Entry::id).toList(), limit);
  }

  private Response page(Json.Writer out, List<Long> ids, int limit) {
    if (ids.size() > limit) {
      out.field("next", ids.get(limit - 1));
    }
    Outbox.Counts counts = outbox.counts();
    out.startObject("counts")
        .field("accepted", counts.accepted())
        .field("delivered", counts.delivered())
        .field("died", counts.died())
        .field("pending", counts.pending())
        .field("dead_letters", counts.deadLetters())
        .endObject();
    return Response.json(out.field("durable", outbox.isDurable()).utf8());
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
      Json.Writer out = Json.object();
      write(out, letter.get());
      return Response.json(out.utf8());
    }
    Optional<Outbox.Entry> entry = findPending(appId, id);
    if (entry.isPresent()) {
      Json.Writer out = Json.object();
      write(out, entry.get(), "pending");
      return Response.json(out.utf8());
    }
    return Response.refusal(
        404,
        "This app has no webhook "
            + id
            + " that is pending or dead: it was delivered, replayed, purged or forgotten, or never"
            + " was");
  }

  private Optional<Outbox.Entry> findPending(String appId, long id) {
    return outbox.pending(appId, id - 1, 1).stream().filter(entry -> entry.id() == id).findFirst();
  }

  /// `POST …/webhooks/ID/replay`: accepted anew under a new id.
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
    return Response.json(Json.object().field("id", entry.get().id()).field("replay_of", id).utf8());
  }

  /// `POST …/webhooks/replay`: accepts dead letters again, all or some.
  Answer replay(App app, Query query) {
    return with(
        app,
        query,
        some -> {
          List<Outbox.Entry> entries = outbox.replay(some, clock.millis());
          onReplayed.accept(entries);
          return Response.json(Json.object().field("replayed", entries.size()).utf8());
        });
  }

  /// `DELETE …/webhooks`: deletes dead letters, all or some. Not limited by a quota.
  Answer purge(App app, Query query) {
    return switch (WebhookQuery.read(app, query)) {
      case Parsed.Bad(String reason) -> Response.text(400, reason);
      case Parsed.Ok(Selection some) ->
          new Answer.Later(
              () -> Response.json(Json.object().field("purged", outbox.purge(some)).utf8()));
    };
  }

  private static Response badId(String id) {
    return Response.refusal(400, "The id of a webhook is a number, not \"" + id + "\"");
  }

  private static void write(Json.Writer out, Outbox.DeadLetter letter) {
    write(out, letter.entry(), "dead");
    out.field("died_ms", letter.diedMs())
        .field("attempts", letter.attempts())
        .field("reason", letter.reason());
  }

  private static void write(Json.Writer out, Outbox.Entry entry, String state) {
    Outbox.Draft draft = entry.draft();
    out.field("id", entry.id())
        .field("state", state)
        .field("endpoint", draft.endpoint())
        .field("channel", draft.channel())
        .field("created_ms", draft.createdMs())
        .json("event", draft.event());
  }
}
