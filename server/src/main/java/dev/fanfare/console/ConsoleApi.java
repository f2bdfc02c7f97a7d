package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The answers to requests that were admitted. May block; on the threads of the console only.
final class ConsoleApi {

  private static final int MAX_PAGE = 100;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final ConsoleParts parts;
  private final Recorder recorder;
  private final ConnectionPages connections;
  private final ChannelPages channels;
  private final TracePages traces;
  private final RowJson json;

  ConsoleApi(ConsoleParts parts, Recorder recorder) {
    this.parts = parts;
    this.recorder = recorder;
    this.json = new RowJson(recorder.moments());
    Retrospect retrospect = recorder.retrospect();
    this.connections = new ConnectionPages(parts, retrospect, json);
    this.channels = new ChannelPages(parts.channels(), recorder.traces(), retrospect, json);
    this.traces = new TracePages(parts, recorder.traces(), retrospect, connections, channels, json);
  }

  /// What the node does.
  Reply overview() {
    Json.Writer out = Json.object().field("version", parts.version());
    out.field("ready", parts.readiness().reasons().isEmpty());
    out.strings("reasons", parts.readiness().reasons());
    out.field("connections", parts.sessions().count());
    long all = 0;
    for (App app : parts.apps().known()) {
      all += parts.channels().count(app);
    }
    out.field("channels", all);
    out.field("streams", recorder.streams().size()).field("lost_rows", recorder.lost());
    out.startArray("lanes");
    for (Lane lane : parts.lanes().all()) {
      out.startElement().field("sockets", lane.tally().sockets());
      out.field("waiting", lane.waiting());
      out.field("lag_us", TimeUnit.NANOSECONDS.toMicros(lane.lastLagNs())).endObject();
    }
    return Reply.of(out.endArray());
  }

  /// What a path below `/api/apps/ID` names.
  ///
  /// @param segments percent-decoded
  Reply ofApp(App app, List<String> segments, Query query) {
    recorder.awaitRows();
    return switch (pages(query)) {
      case Parsed.Bad<Page> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<Page>(Page page) -> ofApp(app, segments, query, page);
    };
  }

  private Reply ofApp(App app, List<String> segments, Query query, Page page) {
    String first = segments.getFirst();
    if (segments.size() == 1) {
      return switch (first) {
        case "connections" -> connections.list(app, text(query, "after"), page.limit());
        case "channels" ->
            channels.list(app, text(query, "prefix"), text(query, "after"), page.limit());
        case "refusals" -> refusals(app, page);
        case "traces" ->
            traces.list(app, query.get("channel"), query.get("event"), page.before(), page.limit());
        default -> unknown();
      };
    }
    String second = segments.get(1);
    if (segments.size() == 2) {
      return switch (first) {
        case "connections" -> connections.show(app, second);
        case "channels" -> channels.show(app, second);
        case "traces" -> traces.show(app, second);
        default -> unknown();
      };
    }
    boolean isChain =
        segments.size() == 4 && first.equals("traces") && segments.get(2).equals("to");
    return isChain ? traces.to(app, second, segments.get(3)) : unknown();
  }

  private Reply refusals(App app, Page page) {
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

  static Reply unknown() {
    return Reply.refusal(404, "Unknown path");
  }

  private static String text(Query query, String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  /// Which part of a list is asked for.
  private record Page(long before, int limit) {}

  private static Parsed<Page> pages(Query query) {
    String before = query.get("before");
    String limit = query.get("limit");
    if (before != null && !DIGITS.matcher(before).matches()) {
      return new Parsed.Bad<>("before must be a whole number");
    }
    boolean isLimit =
        limit == null
            || (DIGITS.matcher(limit).matches()
                && Long.parseLong(limit) >= 1
                && Long.parseLong(limit) <= MAX_PAGE);
    return isLimit
        ? new Parsed.Ok<>(
            new Page(
                before == null ? Long.MAX_VALUE : Long.parseLong(before),
                limit == null ? MAX_PAGE : Integer.parseInt(limit)))
        : new Parsed.Bad<>("limit must be a whole number from 1 to " + MAX_PAGE);
  }

  RowJson json() {
    return json;
  }
}
