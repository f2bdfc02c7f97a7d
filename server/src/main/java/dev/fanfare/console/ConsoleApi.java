package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.figure.Figures;
import dev.fanfare.console.figure.Highlights;
import dev.fanfare.console.figure.LiveCounts;
import dev.fanfare.console.figure.Scope;
import dev.fanfare.console.figure.Second;
import dev.fanfare.console.figure.SeriesFeed;
import dev.fanfare.console.figure.SeriesJson;
import dev.fanfare.console.figure.Tallies;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.ListPart;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/// The answers to requests that were admitted. May block; on the threads of the console only.
final class ConsoleApi {

  private final ConsoleParts parts;
  private final Recorder recorder;
  private final ConnectionPages connections;
  private final ChannelPages channels;
  private final TracePages traces;
  private final ArrivalPages arrivals;
  private final WhyPages why;
  private final RowJson json;
  private final Figures figures;
  private final Highlights highlights;

  ConsoleApi(ConsoleParts parts, Recorder recorder, RowJson json, OtherNodes nodes, Armed armed) {
    this.parts = parts;
    this.recorder = recorder;
    this.json = json;
    Retrospect retrospect = recorder.retrospect();
    this.connections = new ConnectionPages(parts, retrospect, json);
    this.channels = new ChannelPages(parts.channels(), recorder.traces(), retrospect, json);
    this.why = new WhyPages(parts.apps(), retrospect);
    ChainPages chains = new ChainPages(parts, retrospect, connections, channels, armed, json);
    this.arrivals = new ArrivalPages(recorder.traces(), chains, json);
    this.traces = new TracePages(recorder.traces(), channels, chains, arrivals, nodes, json);
    Tallies counts =
        new LiveCounts(parts.sessions(), parts.lanes(), retrospect, recorder.traces()::accepted);
    this.figures = new Figures(parts.apps(), counts, recorder.share(), recorder.moments());
    this.highlights =
        new Highlights(
            figures,
            parts.channels(),
            parts.sessions(),
            (app, visitor) -> recorder.traces().of(app).visit(visitor),
            retrospect,
            recorder.moments());
  }

  /// What happened in each of the last seconds.
  Figures figures() {
    return figures;
  }

  /// Its new rows, for a stream.
  SeriesFeed feed(ConsoleCall call) {
    return new SeriesFeed(figures, () -> scope(call));
  }

  /// The apps that the caller may see.
  private Scope scope(ConsoleCall call) {
    return Scope.of(parts.apps(), app -> isSeen(app, call));
  }

  private Reply series(ConsoleCall call) {
    if (!(ListPart.number(call.query(), "since", 0) instanceof Parsed.Ok<Long>(Long since))) {
      return Reply.refusal(400, "since must be a whole number of milliseconds");
    }
    Scope scope = scope(call);
    List<Second> rows = figures.since(since, scope);
    return Reply.of(SeriesJson.columns(rows, scope.isWhole()));
  }

  /// What the node does.
  private Reply overview(ConsoleCall call) {
    Scope scope = scope(call);
    List<App> seen = scope.apps();
    Json.Writer out = Json.object();
    RowJson.text(out, "node", parts.node().isEmpty() ? null : parts.node());
    out.field("version", parts.version());
    out.field("ready", parts.readiness().reasons().isEmpty());
    out.strings("reasons", parts.readiness().reasons());
    out.field("connections", seen.stream().mapToLong(parts.sessions()::count).sum());
    out.field("channels", seen.stream().mapToLong(parts.channels()::count).sum());
    out.field("streams", recorder.streams().size()).field("lost_rows", recorder.lost());
    out.startArray("lanes");
    for (Lane lane : parts.lanes().all()) {
      out.startElement();
      if (scope.isWhole()) {
        out.field("sockets", lane.tally().sockets());
      }
      out.field("waiting", lane.waiting());
      out.field("lag_us", TimeUnit.NANOSECONDS.toMicros(lane.lastLagNs())).endObject();
    }
    out.endArray();
    highlights.write(out, scope);
    return Reply.of(out);
  }

  /// The apps that may be seen.
  private Reply apps(ConsoleCall call) {
    Json.Writer out = Json.object().startArray("apps");
    for (App app : parts.apps().known()) {
      if (isSeen(app, call)) {
        out.startElement().field("id", app.id()).field("enabled", app.options().enabled());
        out.field("connections", parts.sessions().count(app));
        out.field("channels", parts.channels().count(app)).endObject();
      }
    }
    return Reply.of(out.endArray());
  }

  /// True if the caller may see the app, and another node does not ask for other ones only.
  private static boolean isSeen(App app, ConsoleCall call) {
    String asked = call.query().get("apps");
    return (call.caller() == null || call.caller().sees(app.id()))
        && (asked == null || List.of(asked.split(",", -1)).contains(app.id()));
  }

  /// What is answered, beside logins.
  List<ConsoleRoute> routes() {
    return List.of(
        ConsoleRoute.get(Gate.OVERVIEW, this::overview),
        ConsoleRoute.get("/api/series", this::series),
        ConsoleRoute.get("/api/apps", this::apps),
        ConsoleRoute.get(Gate.STREAM, _ -> Reply.unknown()), // the port writes it
        ofApp(
            "connections",
            (call, page) ->
                connections.list(
                    call.ofApp(),
                    call.text("after"),
                    page.limit(),
                    ConnectionPages.Filter.of(call.query()))),
        ofApp(
            "connections/{socket}",
            (call, _) -> connections.show(call.ofApp(), call.names().getFirst())),
        ofApp(
            "channels",
            (call, page) ->
                channels.list(call.ofApp(), call.text("prefix"), call.text("after"), page.limit())),
        ofApp(
            "channels/{channel}",
            (call, _) ->
                channels.show(
                    call.ofApp(),
                    call.names().getFirst(),
                    call.text("member"),
                    call.text("after"))),
        ofApp(
            "users/{user}",
            (call, page) ->
                connections.ofUser(call.ofApp(), call.names().getFirst(), page.limit())),
        ofApp("refusals", (call, page) -> refusals(call.ofApp(), page)),
        ofApp(
            "refusals/{row}/why",
            (call, _) -> why.show(call.ofApp(), call.known(), call.names().getFirst())),
        ofApp(
            "traces",
            (call, page) ->
                traces.list(
                    call.ofApp(),
                    call.query().get("channel"),
                    call.query().get("event"),
                    page.before(),
                    page.limit())),
        ofApp("traces/{trace}", (call, _) -> traces.show(call.ofApp(), call.names().getFirst())),
        ofApp(
            "traces/{trace}/to/{socket}",
            (call, _) -> traces.to(call.ofApp(), call.names().getFirst(), call.names().getLast())));
  }

  /// What other nodes get a different answer to, or only they ask: it is about this node alone.
  List<ConsoleRoute> peerRoutes() {
    return List.of(
        ofApp("traces/{trace}", (call, _) -> traces.own(call.ofApp(), call.names().getFirst())),
        ofApp(
            ArrivalPages.PATH + "{event}",
            (call, _) -> arrivals.show(call.ofApp(), call.names().getFirst())),
        ofApp(
            ArrivalPages.PATH + "{event}/to/{socket}",
            (call, _) ->
                arrivals.to(
                    call.ofApp(), call.names().getFirst(), call.names().getLast(), call.query())));
  }

  /// A read below `/api/apps/ID`, which shows everything that happened before it.
  private ConsoleRoute ofApp(String path, BiFunction<ConsoleCall, ListPart, Reply> handler) {
    return ConsoleRoute.get(
        ConsoleRoute.OF_APP + path,
        call -> {
          recorder.awaitRows();
          return switch (ListPart.parse(call.query())) {
            case Parsed.Bad<ListPart> bad -> Reply.refusal(400, bad.reason());
            case Parsed.Ok<ListPart>(ListPart page) -> handler.apply(call, page);
          };
        });
  }

  private Reply refusals(App app, ListPart page) {
    List<RowRing.Entry> all = recorder.retrospect().refusals(app.id(), _ -> true);
    List<RowRing.Entry> selected =
        all.reversed().stream()
            .filter(entry -> entry.id() < page.before())
            .limit(page.limit())
            .toList();
    Json.Writer out = Json.object();
    json.rows(out, "refusals", selected);
    return Reply.of(out);
  }
}
