package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.SessionView;
import dev.fanfare.session.Sessions;
import java.util.List;

/// The ten steps of an event to a connection, as this node knows it. May block until the lane of
/// the connection has answered.
final class ChainPages {

  private final Retrospect retrospect;
  private final ConnectionPages connections;
  private final ChannelPages channels;
  private final Sessions sessions;
  private final Armed armed;
  private final NanoClock clock;
  private final RowJson json;

  ChainPages(
      ConsoleParts parts,
      Retrospect retrospect,
      ConnectionPages connections,
      ChannelPages channels,
      Armed armed,
      RowJson json) {
    this.retrospect = retrospect;
    this.connections = connections;
    this.channels = channels;
    this.sessions = parts.sessions();
    this.armed = armed;
    this.clock = parts.clock();
    this.json = json;
  }

  /// True if the connection is open on this node, or was lately.
  boolean isKnown(App app, String socketId) {
    return connections.view(app, socketId) != null || !retrospect.of(app.id(), socketId).isEmpty();
  }

  /// Writes the steps, and the cause, into an object that is open.
  void write(
      Json.Writer out, App app, EventTrace trace, DeliveryChain.Source source, String socketId) {
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
            near == null ? 0 : channels.subscribers(app, near),
            source);
    List<ChainStep> steps =
        new DeliveryChain(
                trace,
                socketId,
                witness,
                retrospect.of(app.id(), socketId),
                armed.of(app, socketId),
                json.moments())
            .steps();
    out.field("headline", DeliveryChain.headline(steps)).startArray("steps");
    for (ChainStep step : steps) {
      out.startElement().field("step", step.number()).field("what", step.what());
      out.field("made", step.verdict().json()).field("text", step.text()).endObject();
    }
    out.endArray();
  }
}
