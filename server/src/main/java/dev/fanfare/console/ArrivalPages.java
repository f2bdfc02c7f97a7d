package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What this node did with the events that others have accepted: they ask for it.
final class ArrivalPages {

  /// Where they ask, below `/api/apps/ID/`.
  static final String PATH = "arrivals/";

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final Traces traces;
  private final ChainPages chains;
  private final RowJson json;

  ArrivalPages(Traces traces, ChainPages chains, RowJson json) {
    this.traces = traces;
    this.chains = chains;
    this.json = json;
  }

  /// How many connections one of them has reached.
  ///
  /// @param id by which the nodes name it
  Reply show(App app, String id) {
    EventTrace trace = find(app, id);
    Json.Writer out = Json.object().field("arrived", trace != null);
    if (trace != null) {
      json.arrival(out, trace);
    }
    return Reply.of(out);
  }

  /// The ten steps of one of them to a connection, if this node knows that one.
  ///
  /// @param query the [#facts] of the event
  Reply to(App app, String id, String socketId, Query query) {
    EventTrace arrived = find(app, id);
    EventTrace trace = arrived == null ? absent(app, query) : arrived;
    ChainPages.Found found = chains.find(app, socketId);
    boolean isKnown = trace != null && found.isKnown();
    Json.Writer out = Json.object().field("known", isKnown);
    if (trace != null && isKnown) {
      String node = Objects.requireNonNullElse(query.get("by"), "another node");
      chains.write(out, trace, new DeliveryChain.Source(node, arrived != null), found);
    }
    return Reply.of(out);
  }

  private @Nullable EventTrace find(App app, String id) {
    return DIGITS.matcher(id).matches()
        ? traces.of(app.id()).arrivals().find(Long.parseLong(id))
        : null;
  }

  /// The query by which a node that an event has not come to learns what it was.
  ///
  /// @param node that has accepted it
  String facts(EventTrace trace, String node) {
    StringJoiner query = new StringJoiner("&", "?", "");
    query.add("by=" + ConsoleRoute.value(node));
    query.add("channel=" + ConsoleRoute.value(trace.channel));
    query.add("event=" + ConsoleRoute.value(trace.event));
    query.add("t=" + json.moments().wallMs(trace.atNs));
    query.add("subscribers=" + trace.subscribers);
    query.add("client=" + (trace.origin == Origin.CLIENT));
    if (trace.exceptSocketId != null) {
      query.add("except=" + ConsoleRoute.value(trace.exceptSocketId));
    }
    return query.toString();
  }

  private @Nullable EventTrace absent(App app, Query query) {
    String t = query.get("t");
    String subscribers = query.get("subscribers");
    String event = query.get("event");
    String channel = query.get("channel");
    if (t == null
        || subscribers == null
        || event == null
        || channel == null
        || !DIGITS.matcher(t).matches()
        || !subscribers.matches("[0-9]{1,9}")
        || !(ChannelName.parse(channel, channel.length())
            instanceof Parsed.Ok<ChannelName>(ChannelName name))) {
      return null;
    }
    Origin origin = "true".equals(query.get("client")) ? Origin.CLIENT : Origin.HTTP;
    Publication publication = new Publication(name, event, "", null, query.get("except"), origin);
    Moments moments = json.moments();
    long agoMs = moments.wall().millis() - Long.parseLong(t);
    long atNs = moments.nowNs() - TimeUnit.MILLISECONDS.toNanos(agoMs);
    int count = Integer.parseInt(subscribers);
    return new EventTrace(1, atNs, app.id(), publication, count, 0, moments.clock(), null);
  }
}
