package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Endpoints that read the state of channels (sections 6.6 to 6.8).
public final class ChannelsApi {

  private static final Set<Info.Attribute> COUNTS =
      EnumSet.of(Info.Attribute.USER_COUNT, Info.Attribute.SUBSCRIPTION_COUNT);

  /// As many channels are listed within a millisecond.
  private static final int FEW = 500;

  private static final int YIELD_EVERY = 2 * FEW;

  /// Held while very many channels are listed: each such text takes memory.
  private final ReentrantLock many = new ReentrantLock();

  private final Channels channels;
  private final Quotas quotas;
  private final Info info;

  public ChannelsApi(Channels channels, Quotas quotas, Info info) {
    this.channels = channels;
    this.quotas = quotas;
    this.info = info;
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed("GET", "/apps/{id}/channels", call -> list(call.app(), call.query())),
        Route.signed(
            "GET",
            "/apps/{id}/channels/{name}",
            call -> show(call.app(), call.name(), call.query())),
        Route.signed(
            "GET", "/apps/{id}/channels/{name}/users", call -> users(call.app(), call.name())));
  }

  /// `GET …/channels`: the occupied channels. `channels` is an object even if there are none.
  Answer list(App app, Query query) {
    String prefix = query.get("filter_by_prefix");
    return switch (Info.parse(query.get("info"), COUNTS)) {
      case Parsed.Bad<Set<Info.Attribute>> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<Set<Info.Attribute>> ok -> {
        boolean onlyPresence = prefix != null && prefix.startsWith("presence-");
        yield ok.value().contains(Info.Attribute.USER_COUNT) && !onlyPresence
            ? Response.refusal(
                400,
                "user_count may only be requested for presence channels - please supply"
                    + " filter_by_prefix begining with presence-") // as hosted, letter for letter
            : list(app, prefix == null ? "" : prefix, ok.value());
      }
    };
  }

  /// Lists very many channels off the lane.
  private Answer list(App app, String prefix, Set<Info.Attribute> requested) {
    Response refused = quotas.takeRead(app);
    if (refused != null) {
      return refused;
    }
    return channels.count(app) <= FEW
        ? info.answer(json(app, prefix, requested))
        : new Answer.Later(() -> info.answer(jsonOfMany(app, prefix, requested)));
  }

  private byte[] jsonOfMany(App app, String prefix, Set<Info.Attribute> requested) {
    many.lock();
    try {
      return json(app, prefix, requested);
    } finally {
      many.unlock();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // fairness between virtual threads, not correctness
  private byte[] json(App app, String prefix, Set<Info.Attribute> requested) {
    Json.Writer out = Json.object().startObject("channels");
    int[] listed = new int[1];
    channels.forEachOccupied(
        app,
        channel -> {
          ChannelName name = channel.name();
          if (!name.isUser() && name.value().startsWith(prefix)) {
            out.startObject(name.value());
            info.write(out, app, name, requested);
            out.endObject();
          }
          if (++listed[0] % YIELD_EVERY == 0) {
            Thread.yield(); // to other answers that are computed off the lanes
          }
        });
    return out.endObject().utf8();
  }

  /// `GET …/channels/NAME`.
  Answer show(App app, String channel, Query query) {
    return switch (ChannelName.parse(channel, app.limits().maxChannelNameChars())) {
      case Parsed.Bad<ChannelName> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<ChannelName> ok -> show(app, ok.value(), query.get("info"));
    };
  }

  private Answer show(App app, ChannelName name, @Nullable String attributes) {
    return switch (Info.parse(attributes, Info.ofChannel(app))) {
      case Parsed.Bad<Set<Info.Attribute>> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<Set<Info.Attribute>> ok ->
          check(name, ok.value()) instanceof Parsed.Bad(String reason)
              ? Response.refusal(400, reason)
              : answer(app, name, ok.value());
    };
  }

  /// Events are read off the lane.
  private Answer answer(App app, ChannelName name, Set<Info.Attribute> requested) {
    if (!requested.contains(Info.Attribute.HISTORY)) {
      return answer(app, () -> show(app, name, requested));
    }
    Response refused = quotas.takeRead(app);
    return refused == null
        ? new Answer.Later(() -> showWithHistory(app, name, requested))
        : refused;
  }

  private Response showWithHistory(App app, ChannelName name, Set<Info.Attribute> requested) {
    try {
      return info.answer(show(app, name, requested));
    } catch (UnreadableHistory e) {
      return HistoryApi.unreadable(e);
    }
  }

  private byte[] show(App app, ChannelName name, Set<Info.Attribute> requested) {
    Channel channel = channels.find(app, name.value());
    boolean occupied = channel != null && channel.isOccupied();
    Json.Writer out = Json.object().field("occupied", occupied);
    info.write(out, app, name, requested);
    if (requested.contains(Info.Attribute.HISTORY)
        && channels.history(app, name, HistoryPage.Query.NEWEST)
            instanceof Parsed.Ok<HistoryPage>(HistoryPage page)) {
      out.startObject("history");
      HistoryApi.write(out, page);
      out.endObject();
    }
    return out.utf8();
  }

  /// Fails if an attribute does not apply to the channel.
  private static Parsed<Parsed.Passed> check(ChannelName name, Set<Info.Attribute> requested) {
    if (requested.contains(Info.Attribute.USER_COUNT) && !name.hasMembers()) {
      return new Parsed.Bad<>(
          "Cannot retrieve the user count unless the channel is a presence channel");
    }
    return requested.contains(Info.Attribute.CACHE) && !name.isCached()
        ? new Parsed.Bad<>("cache may only be requested for cache channels")
        : Parsed.PASSED;
  }

  /// `GET …/channels/NAME/users`: distinct user ids, as strings.
  Response users(App app, String channel) {
    return switch (ChannelName.parse(channel, app.limits().maxChannelNameChars())) {
      case Parsed.Bad<ChannelName> bad -> Response.refusal(400, bad.reason());
      case Parsed.Ok<ChannelName> ok ->
          ok.value().hasMembers()
              ? answer(app, () -> users(app, ok.value()))
              : Response.refusal(400, "Users can only be retrieved for presence channels");
    };
  }

  /// Answers a valid read, unless the app has used up its rate.
  private Response answer(App app, Supplier<byte[]> json) {
    Response refused = quotas.takeRead(app);
    return refused == null ? info.answer(json.get()) : refused;
  }

  private byte[] users(App app, ChannelName name) {
    Json.Writer out = Json.object().startArray("users");
    for (Member member : channels.members(app, name.value())) {
      out.startElement().field("id", member.userId()).endObject();
    }
    return out.endArray().utf8();
  }
}
