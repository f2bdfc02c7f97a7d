package dev.fanfare.console;

import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one connection did lately, as seen from the moment of a publish.
final class Past {

  private final List<RowRing.Entry> rows;
  private final EventTrace trace;
  private final Moments moments;

  /// @param rows of the connection, oldest first
  Past(List<RowRing.Entry> rows, EventTrace trace, Moments moments) {
    this.rows = rows;
    this.trace = trace;
    this.moments = moments;
  }

  /// True if anything is known about the connection.
  boolean isKnown() {
    return !rows.isEmpty();
  }

  /// True if it has subscribed to the channel, or has tried to.
  boolean hasAsked() {
    return rows.stream().anyMatch(entry -> trace.channel.equals(entry.row().channel()));
  }

  private String before(Row row) {
    return Moments.text(trace.atNs - row.atNs()) + " before the event";
  }

  private String after(Row row) {
    return Moments.text(row.atNs() - trace.atNs) + " after the event";
  }

  private boolean isEarlier(Row row) {
    return row.atNs() - trace.atNs <= 0;
  }

  /// That the connection had ended or had not begun; empty if neither is known.
  String notOpen() {
    for (RowRing.Entry entry : rows) {
      if (entry.row() instanceof Row.Closed closed && isEarlier(closed)) {
        return "the connection was closed "
            + before(closed)
            + ": "
            + closed.code()
            + (closed.reason().isEmpty() ? "" : ", " + closed.reason());
      }
      if (entry.row() instanceof Row.Opened opened && !isEarlier(opened)) {
        return "the connection was established " + after(opened);
      }
    }
    return "";
  }

  /// The step of the subscription.
  ///
  /// @param isNow it is subscribed now
  /// @param isOpen the connection is open
  ChainStep subscribed(boolean isNow, boolean isOpen) {
    Row.Membership last = null;
    Row.Membership later = null;
    Row.Refused refused = null;
    for (RowRing.Entry entry : rows) {
      if (entry.row() instanceof Row.Membership each && each.channel().equals(trace.channel)) {
        last = isEarlier(each) ? each : last;
        later = later == null && !isEarlier(each) ? each : later;
      }
      if (entry.row() instanceof Row.Refused each && trace.channel.equals(each.channel())) {
        refused = each;
      }
    }
    if (last != null) {
      return last.isJoin()
          ? ChainStep.yes(5, "subscribed " + before(last))
          : ChainStep.no(5, "it left " + trace.channel + " " + before(last));
    }
    if (later != null) {
      return later.isJoin()
          ? ChainStep.no(5, "it subscribed to " + trace.channel + " " + after(later))
          : ChainStep.yes(5, "subscribed, and left " + after(later));
    }
    return refused == null ? unasked(isNow, isOpen) : refusal(refused);
  }

  private ChainStep refusal(Row.Refused refused) {
    String when = isEarlier(refused) ? before(refused) : after(refused);
    return ChainStep.no(
        5,
        "it asked for "
            + trace.channel
            + " "
            + when
            + " and was refused with "
            + refused.status()
            + ": "
            + refused.reason());
  }

  private ChainStep unasked(boolean isNow, boolean isOpen) {
    if (isNow) {
      return ChainStep.yes(5, "subscribed; since when is not remembered");
    }
    if (!isOpen && !isKnown()) {
      return ChainStep.unknown(5, "nothing is known about the connection");
    }
    boolean isSigned =
        trace.channel.startsWith("private-") || trace.channel.startsWith("presence-");
    return ChainStep.no(
        5,
        "it has not asked for "
            + trace.channel
            + (isSigned ? ": does the auth endpoint of the app answer the client?" : ""));
  }

  /// That it missed events of that time since it reads too slowly; empty if it is not known to
  /// have.
  String missed() {
    for (RowRing.Entry entry : rows) {
      @Nullable Row row = entry.row();
      boolean isOfThen = !isEarlier(row) && row.atNs() - trace.walkedNs() <= 0;
      if (isOfThen && row instanceof Row.Dropped dropped) {
        return "the client reads too slowly, and missed "
            + (dropped.events() == 1 ? "this event" : dropped.events() + " events, this one too")
            + " (slow_readers: drop)";
      }
      if (isOfThen && row instanceof Row.Closed closed) {
        return "the connection was closed while it was delivered: "
            + closed.code()
            + ", "
            + closed.reason();
      }
    }
    return "";
  }

  /// Nanoseconds since the event was written.
  long sinceDelivery() {
    return moments.nowNs() - trace.walkedNs();
  }
}
