package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.SessionView;
import dev.fanfare.session.Sessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /// A connection, as this node knows it.
  ///
  /// @param view null if it is not open here
  /// @param viewedNs when that was found out, on the server's monotonic clock
  /// @param past what it did lately, oldest first
  record Found(
      App app,
      String socketId,
      @Nullable SessionView view,
      long viewedNs,
      List<RowRing.Entry> past) {

    /// True if it is open on this node, or was lately.
    boolean isKnown() {
      return view != null || !past.isEmpty();
    }
  }

  Found find(App app, String socketId) {
    SessionView view = connections.view(app, socketId);
    return new Found(app, socketId, view, clock.nanoTime(), retrospect.of(app.id(), socketId));
  }

  /// Writes the steps, and the cause, into an object that is open.
  void write(Json.Writer out, EventTrace trace, DeliveryChain.Source source, Found found) {
    App app = found.app();
    String socketId = found.socketId();
    String near =
        trace.refusal == null && trace.subscribers == 0 ? channels.near(app, trace.channel) : null;
    DeliveryChain.Witness witness =
        new DeliveryChain.Witness(
            found.view(),
            found.viewedNs(),
            found.view() == null && sessions.isOfAnotherApp(app, socketId),
            near,
            near == null ? 0 : channels.subscribers(app, near),
            source);
    List<ChainStep> steps =
        new DeliveryChain(
                trace, socketId, witness, found.past(), armed.of(app, socketId), json.moments())
            .steps();
    out.field("headline", DeliveryChain.headline(steps)).startArray("steps");
    for (ChainStep step : steps) {
      out.startElement().field("step", step.number()).field("what", step.what());
      out.field("made", step.verdict().json()).field("text", step.text()).endObject();
    }
    out.endArray();
  }
}
