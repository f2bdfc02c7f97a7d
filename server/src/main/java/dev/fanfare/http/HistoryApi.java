package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.PresenceLogs;
import dev.fanfare.channel.Purges;
import dev.fanfare.history.EventId;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.observe.Component;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.UserData;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Reads and purges the events that channels keep under a rule.
public final class HistoryApi {

  private static final Logger log = Component.API.logger();

  private static final int MAX_DIGITS = 6;

  /// While a disk fails, it is tried that often.
  private static final int RETRY_SECONDS = 10;

  private final Channels channels;
  private final Quotas quotas;
  private final Purges purges;

  public HistoryApi(Channels channels, Quotas quotas) {
    this.channels = channels;
    this.quotas = quotas;
    this.purges = new Purges(channels);
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed(
            "GET",
            "/apps/{id}/channels/{name}/events",
            call -> page(call.app(), call.name(), call.query())),
        Route.signed(
            "GET",
            "/apps/{id}/channels/{name}/presence_events",
            call -> presence(call.app(), call.name(), call.query())),
        Route.signed(
            "DELETE", "/apps/{id}/channels/{name}/events", call -> purge(call.live(), call.name())),
        Route.signed(
            "POST",
            "/apps/{id}/channels/{name}/events/purge",
            call -> purge(call.live(), call.name())),
        Route.signed(
            "DELETE",
            "/apps/{id}/users/{user}/events",
            call -> purgeUser(call.live(), call.name())),
        Route.signed(
            "POST",
            "/apps/{id}/users/{user}/events/purge",
            call -> purgeUser(call.live(), call.name())));
  }

  /// `DELETE …/channels/NAME/events`, for SDKs also `POST …/channels/NAME/events/purge`.
  private Answer purge(LiveApp live, String channel) {
    App app = live.current();
    return switch (ChannelName.parse(channel, app.limits().maxChannelNameChars())) {
      case Parsed.Bad<ChannelName> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<ChannelName>(ChannelName name) -> {
        Response refused = refusal(app);
        yield refused == null
            ? switch (purges.channel(live, name)) {
              case Parsed.Bad<List<Purge>> bad -> Response.refusal(404, bad.reason());
              case Parsed.Ok<List<Purge>>(List<Purge> all) ->
                  purged(app, "channel " + name.value(), all);
            }
            : refused;
      }
    };
  }

  /// `DELETE …/users/USER/events`, for SDKs also `POST …/users/USER/events/purge`.
  private Answer purgeUser(LiveApp live, String userId) {
    App app = live.current();
    if (!UserData.isValidId(userId)) {
      return UsersApi.invalidId();
    }
    if (app.history().isEmpty()) {
      return Response.refusal(404, "The app has no history rules");
    }
    Response refused = refusal(app);
    return refused == null ? purged(app, "user " + userId, purges.user(live, userId)) : refused;
  }

  /// Null if something may be purged now.
  private @Nullable Response refusal(App app) {
    return purges.checkRoom(app) instanceof Parsed.Bad(String reason)
        ? unavailable("Over capacity: " + reason, 1)
        : quotas.takeRead(app);
  }

  private static Response unavailable(String reason, int seconds) {
    return Response.refusal(503, reason).withHeader("Retry-After", "" + seconds);
  }

  /// The answer once no crash can bring back what was purged.
  private static Answer purged(App app, String what, List<Purge> all) {
    return new Answer.Later(() -> {
      int events = 0;
      for (Purge purge : all) {
        switch (purge.await()) {
          case Parsed.Bad<Integer> bad -> {
            return unavailable("The purge is not complete: " + bad.reason(), RETRY_SECONDS);
          }
          case Parsed.Ok<Integer>(Integer count) -> events += count;
        }
      }
      log.info("purged {} events of {}, app {}", events, what, app.id());
      return Response.json(Json.object().field("purged", events).utf8());
    });
  }

  /// `GET …/channels/NAME/events`: one page, newest first by default.
  Answer page(App app, String channel, Query query) {
    return switch (ChannelName.parse(channel, app.limits().maxChannelNameChars())) {
      case Parsed.Bad<ChannelName> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<ChannelName> ok ->
          switch (read(query)) {
            case Parsed.Bad<HistoryPage.Query> bad -> Response.refusal(400, bad.reason());
            case Parsed.Ok<HistoryPage.Query> asked ->
                page(
                    app, () -> channels.history(app, ok.value(), asked.value()), HistoryApi::write);
          };
    };
  }

  /// `GET …/channels/NAME/presence_events`: the same of joins and leaves.
  private Answer presence(App app, String channel, Query query) {
    return switch (ChannelName.parse(channel, app.limits().maxChannelNameChars())) {
      case Parsed.Bad<ChannelName> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<ChannelName>(ChannelName name) when !name.hasMembers() ->
          Response.refusal(400, "Users join presence channels only");
      case Parsed.Ok<ChannelName>(ChannelName name) ->
          switch (read(query)) {
            case Parsed.Bad<HistoryPage.Query> bad -> Response.refusal(400, bad.reason());
            case Parsed.Ok<HistoryPage.Query> asked ->
                page(
                    app,
                    () -> PresenceLogs.page(channels, app, name, asked.value()),
                    HistoryApi::writePresence);
          };
    };
  }

  private Answer page(
      App app, Supplier<Parsed<HistoryPage>> reading, BiConsumer<Json.Writer, HistoryPage> writer) {
    Response refused = quotas.takeRead(app);
    return refused == null ? new Answer.Later(() -> read(reading, writer)) : refused;
  }

  private static Response read(
      Supplier<Parsed<HistoryPage>> reading, BiConsumer<Json.Writer, HistoryPage> writer) {
    try {
      return switch (reading.get()) {
        case Parsed.Bad<HistoryPage> bad -> Response.refusal(404, bad.reason());
        case Parsed.Ok<HistoryPage> ok -> {
          Json.Writer out = Json.object();
          writer.accept(out, ok.value());
          yield Response.json(out.utf8());
        }
      };
    } catch (UnreadableHistory e) {
      return unreadable(e);
    }
  }

  /// What is kept cannot be read at present.
  static Response unreadable(UnreadableHistory failure) {
    return unavailable(String.valueOf(failure.getMessage()), 1);
  }

  /// Reads the parameters of a page.
  static Parsed<HistoryPage.Query> read(Query query) {
    String limit = query.get("limit");
    String direction = query.get("direction");
    int count = limit == null ? HistoryPage.Query.NEWEST.limit() : number(limit);
    if (count < 1 || count > HistoryPage.Query.MAX_LIMIT) {
      return new Parsed.Bad<>(
          "limit is '" + limit + "', but must be 1 to " + HistoryPage.Query.MAX_LIMIT);
    }
    boolean isForwards = "forwards".equals(direction);
    if (direction != null && !isForwards && !direction.equals("backwards")) {
      return new Parsed.Bad<>(
          "direction is '" + direction + "', but must be backwards or forwards");
    }
    EventId[] bounds = new EventId[2];
    String[] names = {"before", "after"};
    for (int i = 0; i < names.length; i++) {
      String text = query.get(names[i]);
      if (text != null) {
        switch (EventId.parse(text)) {
          case Parsed.Bad<EventId> bad -> {
            return new Parsed.Bad<>(names[i] + " is '" + text + "', but " + bad.reason());
          }
          case Parsed.Ok<EventId> ok -> bounds[i] = ok.value();
        }
      }
    }
    return new Parsed.Ok<>(new HistoryPage.Query(count, isForwards, bounds[0], bounds[1]));
  }

  /// -1 if it is none, or far too large.
  private static int number(String text) {
    boolean isNumber =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(text) : -1;
  }

  /// Writes the members of a page.
  static void write(Json.Writer out, HistoryPage page) {
    write(out, page, HistoryApi::write);
  }

  private static void writePresence(Json.Writer out, HistoryPage page) {
    write(out, page, HistoryApi::writePresence);
  }

  private static void write(
      Json.Writer out, HistoryPage page, BiConsumer<Json.Writer, StoredEvent> writer) {
    out.startArray("events");
    for (StoredEvent event : page.events()) {
      out.startElement();
      writer.accept(out, event);
      out.endObject();
    }
    out.endArray().field("complete", page.isComplete());
    @Nullable EventId next = page.next();
    if (next != null) {
      out.field("next", next.toString());
    }
  }

  private static void writePresence(Json.Writer out, StoredEvent event) {
    Publication publication = event.publication();
    out.field("id", event.id().toString()).field("action", publication.event());
    if (publication.event().equals(PresenceEvents.LEFT)) {
      out.field("cause", publication.data());
    }
    if (publication.userId() != null) {
      out.field("user_id", publication.userId());
    }
    out.field("time_ms", event.id().ms());
  }

  private static void write(Json.Writer out, StoredEvent event) {
    Publication publication = event.publication();
    out.field("id", event.id().toString())
        .field("name", publication.event())
        .field("data", publication.data())
        .field("time_ms", event.id().ms());
    if (publication.userId() != null) {
      out.field("user_id", publication.userId());
    }
    if (publication.origin() == Origin.CLIENT) {
      out.field("origin", "client");
    }
  }
}
