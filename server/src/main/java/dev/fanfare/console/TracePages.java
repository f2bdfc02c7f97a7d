package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.peers.KnownChain;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Row;
import dev.fanfare.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was published lately, and why it did not arrive.
final class TracePages {

  private final Traces traces;
  private final ChannelPages channels;
  private final ChainPages chains;
  private final ArrivalPages arrivals;
  private final OtherNodes nodes;
  private final RowJson json;

  TracePages(
      Traces traces,
      ChannelPages channels,
      ChainPages chains,
      ArrivalPages arrivals,
      OtherNodes nodes,
      RowJson json) {
    this.traces = traces;
    this.channels = channels;
    this.chains = chains;
    this.arrivals = arrivals;
    this.nodes = nodes;
    this.json = json;
  }

  /// The newest, newest first.
  ///
  /// @param channel null for any
  /// @param event null for any
  /// @param before only those with lower numbers
  Reply list(App app, @Nullable String channel, @Nullable String event, long before, int limit) {
    List<EventTrace> found =
        traces
            .of(app.id())
            .newest(
                before,
                limit,
                trace ->
                    (channel == null || channel.equals(trace.channel))
                        && (event == null || event.equals(trace.event)));
    Json.Writer out = Json.object();
    json.traces(out, "traces", found);
    return Reply.of(out);
  }

  /// One of them; of one that had no subscribers, the name that was probably meant. With what the
  /// other nodes did with it.
  Reply show(App app, String number) {
    EventTrace trace = find(app, number);
    if (trace == null) {
      return unknown(number);
    }
    Json.Writer out = own(app, trace);
    List<String> others =
        trace.refusal == null ? nodes.elements(app, ArrivalPages.PATH + trace.id()) : List.of();
    if (!others.isEmpty()) {
      out.json("nodes", "[" + String.join(",", others) + "]");
    }
    return Reply.of(out);
  }

  /// One of them, as far as this node knows.
  Reply own(App app, String number) {
    EventTrace trace = find(app, number);
    return trace == null ? unknown(number) : Reply.of(own(app, trace));
  }

  private Json.Writer own(App app, EventTrace trace) {
    Json.Writer out = Json.object();
    json.write(out, trace);
    if (trace.refusal == null && trace.subscribers == 0) {
      channels.similar(out, app, trace.channel);
    }
    return out;
  }

  /// The ten steps of one of them to a connection, by the node that knows it.
  Reply to(App app, String number, String socketId) {
    EventTrace trace = find(app, number);
    if (trace == null) {
      return unknown(number);
    }
    Json.Writer out = Json.object().startObject("trace");
    json.write(out, trace);
    out.endObject().field("to", socketId);
    ChainPages.Found found = chains.find(app, socketId);
    boolean isOwn = trace.refusal != null || found.isKnown();
    if (isOwn || !isElsewhere(out, app, trace, socketId)) {
      chains.write(out, trace, DeliveryChain.Source.SELF, found);
    }
    return Reply.of(out);
  }

  /// Writes the steps by the other node that knows the connection.
  ///
  /// @return false if none does
  private boolean isElsewhere(Json.Writer out, App app, EventTrace trace, String socketId) {
    String path =
        ArrivalPages.PATH
            + trace.id()
            + "/to/"
            + ConsoleRoute.segment(socketId)
            + arrivals.facts(trace, nodes.self());
    for (String element : nodes.elements(app, path)) {
      KnownChain chain = KnownChain.read(element);
      if (chain != null) {
        out.field("node", chain.node()).field("headline", chain.headline());
        out.json("steps", chain.steps());
        return true;
      }
    }
    return false;
  }

  private @Nullable EventTrace find(App app, String number) {
    try {
      return traces.of(app.id()).find(Long.parseLong(number));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Reply unknown(String number) {
    return Reply.refusal(
        404, "No publish " + Row.cut(number) + " is remembered (the setting is console_traces)");
  }
}
