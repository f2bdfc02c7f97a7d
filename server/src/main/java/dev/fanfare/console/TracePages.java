package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.SessionView;
import dev.fanfare.session.Sessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was published lately, and why it did not arrive.
final class TracePages {

  private final Traces traces;
  private final Retrospect retrospect;
  private final ConnectionPages connections;
  private final ChannelPages channels;
  private final Sessions sessions;
  private final NanoClock clock;
  private final RowJson json;

  TracePages(
      ConsoleParts parts,
      Traces traces,
      Retrospect retrospect,
      ConnectionPages connections,
      ChannelPages channels,
      RowJson json) {
    this.traces = traces;
    this.retrospect = retrospect;
    this.connections = connections;
    this.channels = channels;
    this.sessions = parts.sessions();
    this.clock = parts.clock();
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

  /// One of them; of one that had no subscribers, the name that was probably meant.
  Reply show(App app, String number) {
    EventTrace trace = find(app, number);
    if (trace == null) {
      return unknown(number);
    }
    Json.Writer out = Json.object();
    json.write(out, trace);
    if (trace.refusal == null && trace.subscribers == 0) {
      channels.similar(out, app, trace.channel);
    }
    return Reply.of(out);
  }

  /// The ten steps of one of them to a connection.
  Reply to(App app, String number, String socketId) {
    EventTrace trace = find(app, number);
    if (trace == null) {
      return unknown(number);
    }
    SessionView view = connections.view(app, socketId);
    long viewedNs = clock.nanoTime();
    String near =
        trace.refusal == null && trace.subscribers == 0 ? channels.near(app, trace.channel) : null;
    DeliveryChain.Witness witness =
        new DeliveryChain.Witness(
            view,
            viewedNs,
            view == null && sessions.isOfAnotherApp(app, socketId),
            near,
            near == null ? 0 : channels.subscribers(app, near));
    List<RowRing.Entry> past = retrospect.of(app.id(), socketId);
    List<ChainStep> steps =
        new DeliveryChain(trace, socketId, witness, past, json.moments()).steps();
    Json.Writer out = Json.object().startObject("trace");
    json.write(out, trace);
    out.endObject().field("to", socketId).field("headline", DeliveryChain.headline(steps));
    out.startArray("steps");
    for (ChainStep step : steps) {
      out.startElement().field("step", step.number()).field("what", step.what());
      out.field("made", step.verdict().json()).field("text", step.text()).endObject();
    }
    return Reply.of(out.endArray());
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
