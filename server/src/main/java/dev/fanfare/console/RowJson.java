package dev.fanfare.console;

import dev.fanfare.channel.lane.DeliveryTrace.Walk;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Origin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Rows and traces as JSON. On the threads of the console only.
///
/// @param moments gives their times
/// @param node where rows happened; empty to leave it out
record RowJson(Moments moments, String node) {

  /// Writes rows as an array.
  void rows(Json.Writer out, String name, List<RowRing.Entry> entries) {
    out.startArray(name);
    for (RowRing.Entry entry : entries) {
      out.startElement();
      write(out, entry.id(), entry.row());
      out.endObject();
    }
    out.endArray();
  }

  /// Writes traces as an array.
  void traces(Json.Writer out, String name, List<EventTrace> traces) {
    out.startArray(name);
    for (EventTrace trace : traces) {
      out.startElement();
      write(out, trace);
      out.endObject();
    }
    out.endArray();
  }

  /// Writes the fields of a row into an object that is open.
  ///
  /// @param id by which it can be distinguished; null if it has none yet
  void write(Json.Writer out, long id, Row row) {
    out.field("id", Long.toString(id));
    out.field("t", moments.wallMs(row.atNs()));
    text(out, "node", node.isEmpty() ? null : node);
    out.field("app", row.app());
    out.field("kind", row.kind().text());
    text(out, "channel", row.channel());
    text(out, "event", row.event());
    text(out, "socket", row.socket());
    text(out, "user", row.user());
    text(out, "address", row.address());
    switch (row) {
      case Row.Published(EventTrace trace) -> published(out, trace);
      case Row.Closed closed -> out.field("code", closed.code()).field("reason", closed.reason());
      case Row.Refused refused -> {
        out.field("what", refused.asked().what());
        text(out, "request", refused.asked().request());
        out.field("status", refused.status()).field("reason", refused.reason());
      }
      case Row.Dropped dropped -> out.field("events", dropped.events());
      case Row.Webhook webhook -> {
        out.field("endpoint", webhook.endpoint()).field("outcome", webhook.outcome());
        out.field("count", webhook.count()).field("reason", webhook.reason());
      }
      case Row.Limited limited -> out.field("quota", limited.quota());
      case Row.MemberChange member -> out.field("change", member.isAdded() ? "added" : "removed");
      case Row.Request request -> {
        out.field("request", request.route()).field("status", request.status());
        if (request.tookNs() >= 0) {
          out.field("took_us", TimeUnit.NANOSECONDS.toMicros(request.tookNs()));
        }
      }
      case Row.Reload reload -> out.field("applied", reload.isApplied());
      case Row.Opened _, Row.Membership _, Row.SignedIn _, Row.Occupancy _ -> {}
    }
  }

  private static void published(Json.Writer out, EventTrace trace) {
    out.field("trace", Long.toString(trace.number));
    content(out, trace);
    numbers(out, trace);
  }

  private static void content(Json.Writer out, EventTrace trace) {
    out.field("chars", trace.chars);
    if (trace.origin == Origin.HTTP) {
      text(out, "excluded_socket", trace.exceptSocketId);
    }
    String data = trace.data();
    if (trace.isEncrypted) {
      out.field("encrypted", true);
    } else {
      text(out, "data", data);
    }
  }

  private static void numbers(Json.Writer out, EventTrace trace) {
    out.field("subscribers", trace.subscribers);
    if (trace.queued() == 0 && trace.subscribers > 0) {
      return; // the nodes of a cluster keep it together: its way is not followed
    }
    Walk sum = trace.sum();
    out.field("matched", sum.matched());
    out.field("reached", sum.reached());
    out.field("excluded", sum.excluded());
    out.field("behind", sum.behind());
    out.field("closing", sum.closing());
    if (!trace.isDelivered()) {
      out.field("waiting", true);
    }
  }

  /// Writes what became of an event that another node has accepted into an object that is open.
  void arrival(Json.Writer out, EventTrace trace) {
    out.field("t", moments.wallMs(trace.atNs));
    numbers(out, trace);
    duration(out, trace);
  }

  private static void duration(Json.Writer out, EventTrace trace) {
    if (trace.isDelivered() && trace.queued() > 0) {
      out.field("delivered_us", (trace.walkedNs() - trace.atNs) / 1_000);
    }
  }

  /// Writes the fields of a trace into an object that is open.
  void write(Json.Writer out, EventTrace trace) {
    out.field("id", Long.toString(trace.number));
    out.field("t", moments.wallMs(trace.atNs));
    text(out, "address", trace.address());
    if (trace.refusal != null) {
      out.field("request", trace.refusal.method() + " " + trace.refusal.path());
      out.field("status", trace.refusal.status()).field("reason", trace.refusal.reason());
      return;
    }
    out.field("channel", trace.channel).field("event", trace.event);
    out.field("origin", trace.origin == Origin.HTTP ? "api" : "client");
    if (trace.origin == Origin.CLIENT) {
      text(out, "socket", trace.exceptSocketId);
    }
    text(out, "user", trace.userId);
    content(out, trace);
    numbers(out, trace);
    duration(out, trace);
  }

  static void text(Json.Writer out, String name, @Nullable String value) {
    if (value != null) {
      out.field(name, value);
    }
  }
}
