package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.console.peers.Feed;
import dev.fanfare.console.peers.Host;
import dev.fanfare.console.peers.Peers;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.RowFilter;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.console.row.StreamStart;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the consoles of all nodes answer, and what this one answers the others. A node that does
/// not answer within a second is shown as silent. Any thread; may block.
final class NodeRoutes implements Host {

  /// Lists of an app that are separate on every node.
  private static final Set<String> LISTS = Set.of("connections", "channels", "refusals", "traces");

  /// Parameters that other nodes are asked with.
  private static final List<String> PARAMETERS =
      List.of(
          "address", "after", "before", "channel", "event", "kind", "last", "limit", "member",
          "prefix", "socket", "user");

  /// Elements of a page that may be asked for.
  private static final int MAX_LIMIT = 100;

  private final String node;
  private final Apps apps;
  private final Recorder recorder;
  private final RowJson json;
  private final List<ConsoleRoute> own;
  private final OtherNodes others;

  /// @param own what this node answers about itself
  NodeRoutes(
      ConsoleParts parts, Recorder recorder, RowJson json, ConsoleApi own, OtherNodes others) {
    this.node = parts.node();
    this.others = others;
    this.apps = parts.apps();
    this.recorder = recorder;
    this.json = json;
    this.own = Stream.concat(own.peerRoutes().stream(), own.routes().stream()).toList();
  }

  /// What is answered about all nodes.
  List<ConsoleRoute> routes() {
    return List.of(
        ConsoleRoute.get("/api/nodes", call -> all(anyApp(), Gate.OVERVIEW + seen(call))),
        ConsoleRoute.get(ConsoleRoute.OF_APP + "nodes/{list}", call -> ofApp(call, "")),
        ConsoleRoute.get(
            ConsoleRoute.OF_APP + "nodes/{list}/{name}",
            call -> ofApp(call, "/" + ConsoleRoute.segment(call.names().getLast()))));
  }

  /// Every message between nodes is about an app that both have.
  private String anyApp() {
    return apps.known().stream().map(App::id).findFirst().orElse("");
  }

  /// Which apps the answers are about: those that the caller may see.
  private static String seen(ConsoleCall call) {
    Set<String> ids = call.known().apps();
    return ids.isEmpty() ? "" : "?apps=" + ConsoleRoute.value(String.join(",", ids));
  }

  private Reply ofApp(ConsoleCall call, String rest) {
    String list = call.names().getFirst();
    if (!LISTS.contains(list)) {
      return Reply.unknown();
    }
    String id = call.ofApp().id();
    return all(
        id, "/api/apps/" + ConsoleRoute.segment(id) + "/" + list + rest + query(call.query()));
  }

  /// What all nodes answer, this one first.
  private Reply all(String appId, String target) {
    StringJoiner nodes = new StringJoiner(",", "{\"nodes\":[", "]}");
    nodes.add(answer(appId, target));
    others.elements(appId, target).forEach(nodes::add);
    return Reply.of(nodes.toString());
  }

  @Override
  public String answer(String appId, String target) {
    int limit = MAX_LIMIT;
    String whole = element(appId, target, 0);
    while (whole.getBytes(StandardCharsets.UTF_8).length > Peers.MAX_BYTES && limit > 1) {
      limit /= 4;
      whole = element(appId, target, Math.max(1, limit));
    }
    return whole;
  }

  /// @param limit of a page; 0 for that of the target
  private String element(String appId, String target, int limit) {
    return Json.object()
        .field("node", node)
        .json(
            "answer",
            new String(reply(appId, target, limit).body(), StandardCharsets.UTF_8).strip())
        .text();
  }

  private Reply reply(String appId, String target, int limit) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String raw = mark < 0 ? "" : target.substring(mark + 1);
    Query query =
        Query.parse(limit == 0 ? raw : raw.replaceAll("(^|&)limit=\\d*", "") + "&limit=" + limit);
    List<String> segments = ConsoleRoute.segments(path);
    for (ConsoleRoute route : own) {
      List<String> found = route.match(segments);
      if (found != null && route.method().equals("GET")) {
        App app = route.isOfApp() ? apps.known(appId) : null;
        if (route.isOfApp() && app == null) {
          return Reply.refusal(404, "Unknown app id " + appId);
        }
        List<String> rest = route.isOfApp() ? found.subList(1, found.size()) : found;
        ConsoleCall.Sent sent = new ConsoleCall.Sent(new byte[0], "", "", null);
        return route.handler().answer(new ConsoleCall(null, app, rest, query, sent));
      }
    }
    return Reply.unknown();
  }

  /// The streams of the other nodes.
  Feed watch(ConsoleCall call) {
    return others.watch(call.ofApp().id(), STREAM + query(call.query()));
  }

  @Override
  public @Nullable Source open(String appId, String target) {
    int mark = target.indexOf('?');
    Query query = Query.parse(mark < 0 ? "" : target.substring(mark + 1));
    if (apps.known(appId) == null
        || !(RowFilter.parse(appId, query) instanceof Parsed.Ok<RowFilter>(RowFilter filter))
        || !(StreamStart.parse(null, query.get("last"), "")
            instanceof Parsed.Ok<StreamStart>(StreamStart start))) {
      return null;
    }
    RowStream stream = recorder.streams().open(filter, start, recorder.moments());
    return stream == null ? null : new OwnRows(stream, json);
  }

  private static String query(Query query) {
    StringJoiner text = new StringJoiner("&", "?", "");
    text.setEmptyValue("");
    for (String name : PARAMETERS) {
      String value = query.get(name);
      if (value != null) {
        text.add(name + "=" + ConsoleRoute.value(value));
      }
    }
    return text.toString();
  }

  /// The rows of this node for the console of another one, as server-sent events. Confined to its
  /// thread.
  private static final class OwnRows implements Source {

    private static final long PATIENCE_MS = 1_000;
    private static final long PAUSE_MS = 100;

    private final RowStream stream;
    private final RowJson json;

    OwnRows(RowStream stream, RowJson json) {
      this.stream = stream;
      this.json = json;
    }

    @Override
    public String next() throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      stream.await(PATIENCE_MS);
      return EventStream.text(json, stream.take(), "");
    }

    @Override
    public boolean isOver() {
      return stream.isClosed();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
