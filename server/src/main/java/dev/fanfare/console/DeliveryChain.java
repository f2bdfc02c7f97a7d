package dev.fanfare.console;

import dev.fanfare.channel.lane.DeliveryTrace.Walk;
import dev.fanfare.console.arm.SocketNotes;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.protocol.Origin;
import dev.fanfare.session.SessionView;
import dev.fanfare.session.SocketState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ten steps of one event to one connection: which of them were made, and why one was not. The
/// first that was not made is the cause.
final class DeliveryChain {

  private static final int STEPS = 10;

  private final EventTrace trace;
  private final String socketId;
  private final Witness witness;
  private final Past past;
  private final SocketNotes.@Nullable Passage passage;

  /// What is true now.
  ///
  /// @param view of the connection; null if it is not open
  /// @param viewedNs when that was found out, on the server's monotonic clock
  /// @param isOfAnotherApp a connection of another app has this socket id
  /// @param near the name that was probably meant; null if none is close
  /// @param nearSubscribers connections subscribed to that
  /// @param source the node that has accepted the event
  record Witness(
      @Nullable SessionView view,
      long viewedNs,
      boolean isOfAnotherApp,
      @Nullable String near,
      int nearSubscribers,
      Source source) {}

  /// The node that has accepted the event.
  ///
  /// @param node its name; empty if it is this one
  /// @param hasArrived false if the event has not arrived here
  record Source(String node, boolean hasArrived) {

    static final Source SELF = new Source("", true);

    /// Where its numbers of subscribers are from.
    String place() {
      return hasArrived ? "this node" : node;
    }
  }

  /// @param past of the connection, oldest first
  /// @param notes of its socket; null if it is not traced closely
  DeliveryChain(
      EventTrace trace,
      String socketId,
      Witness witness,
      List<RowRing.Entry> past,
      @Nullable SocketNotes notes,
      Moments moments) {
    this.passage = notes == null ? null : notes.between(trace.atNs, trace.walkedNs());
    this.trace = trace;
    this.socketId = socketId;
    this.witness = witness;
    this.past = new Past(past, trace, moments);
  }

  /// All steps. Those behind the first that was not made are not examined.
  List<ChainStep> steps() {
    List<ChainStep> steps = new ArrayList<>();
    for (int number = 1; number <= STEPS; number++) {
      boolean isStopped = steps.stream().anyMatch(ChainStep::isNo);
      steps.add(isStopped ? ChainStep.unknown(number, "not reached") : step(number));
    }
    return steps;
  }

  /// The cause in a sentence.
  static String headline(List<ChainStep> steps) {
    return steps.stream().filter(ChainStep::isNo).findFirst().orElse(steps.getLast()).text();
  }

  private ChainStep step(int number) {
    return switch (number) {
      case 1 -> accepted();
      case 2 -> sameApp();
      case 3 -> channel();
      case 4 -> open();
      case 5 -> subscribed();
      case 6 -> notExcluded();
      case 7 -> written();
      case 8 -> left();
      case 9 -> alive();
      default -> handled();
    };
  }

  private ChainStep accepted() {
    RefusedRequest refusal = trace.refusal;
    if (refusal != null) {
      return ChainStep.no(
          1,
          "the request from "
              + refusal.address()
              + " was refused with "
              + refusal.status()
              + ": "
              + refusal.reason());
    }
    if (trace.origin == Origin.CLIENT) {
      return ChainStep.yes(1, "accepted from connection " + trace.exceptSocketId);
    }
    String node = witness.source().node();
    if (!node.isEmpty()) {
      return ChainStep.yes(1, "accepted by " + node);
    }
    String address = trace.address();
    return ChainStep.yes(1, address == null ? "accepted" : "accepted from " + address);
  }

  private ChainStep sameApp() {
    if (witness.isOfAnotherApp()) {
      return ChainStep.no(
          2,
          "published to app "
              + trace.app
              + ", but connection "
              + socketId
              + " belongs to another app of this server: compare the key of the client with the"
              + " credentials of the publisher");
    }
    return witness.view() != null || past.isKnown()
        ? ChainStep.yes(2, "app " + trace.app)
        : ChainStep.unknown(2, "this node does not know connection " + socketId);
  }

  private ChainStep channel() {
    if (trace.subscribers > 0) {
      return ChainStep.yes(
          3,
          trace.subscribers
              + " subscribed to "
              + trace.channel
              + " on "
              + witness.source().place());
    }
    if (past.hasAsked()) {
      return ChainStep.yes(3, "the connection has asked for " + trace.channel);
    }
    String near = witness.near();
    String none = "no connection was subscribed to " + trace.channel;
    return ChainStep.no(
        3,
        near == null
            ? none + ", and no channel has a similar name"
            : none
                + "; "
                + witness.nearSubscribers()
                + (witness.nearSubscribers() == 1 ? " is" : " are")
                + " subscribed to "
                + near
                + ": is the name spelled differently?");
  }

  private ChainStep open() {
    String text = past.notOpen();
    if (!text.isEmpty()) {
      return ChainStep.no(4, text);
    }
    return witness.view() != null || past.isKnown()
        ? ChainStep.yes(4, "the connection was open")
        : ChainStep.unknown(
            4, "this node knows no connection " + socketId + ", now or of the recent past");
  }

  private ChainStep subscribed() {
    SessionView view = witness.view();
    boolean isNow = view != null && view.channels().contains(trace.channel);
    return past.subscribed(isNow, view != null);
  }

  private ChainStep notExcluded() {
    if (!socketId.equals(trace.exceptSocketId)) {
      return ChainStep.yes(6, "not excluded");
    }
    return ChainStep.no(
        6,
        trace.origin == Origin.CLIENT
            ? "it was sent by this connection: the sender of a client event does not get it back"
            : "the publisher has excluded this connection by socket_id, as toOthers() of Laravel"
                + " does");
  }

  private ChainStep written() {
    if (!witness.source().hasArrived()) {
      return ChainStep.no(
          7,
          "it has not come to this node: "
              + witness.source().node()
              + " knew of no subscribers here at that time, or it was lost between the nodes");
    }
    if (trace.queued() == 0) {
      return ChainStep.unknown(
          7,
          trace.subscribers == 0
              ? "no event loop had a subscriber when it was published"
              : "events that the nodes of a cluster keep together are not followed");
    }
    String missed = past.missed();
    if (!missed.isEmpty()) {
      return ChainStep.no(7, missed);
    }
    SessionView view = witness.view();
    Walk walk = view == null ? trace.sum() : trace.walk(view.lane());
    if (walk == null || (view == null && !trace.isDelivered())) {
      return ChainStep.no(7, "it still waits: the event loop has not come to this channel yet");
    }
    String numbers = walk.reached() + " of " + walk.matched() + " subscriptions";
    if (walk.behind() + walk.closing() == 0) {
      return ChainStep.yes(7, "written for " + numbers + " of the event loop" + asWritten());
    }
    return ChainStep.unknown(
        7,
        "written for "
            + numbers
            + " of the event loop; "
            + walk.behind()
            + " were behind, "
            + walk.closing()
            + " were closing");
  }

  /// What was noted of the write; empty if nothing was.
  private String asWritten() {
    return passage == null
        ? ""
        : "; to this one "
            + Moments.exactly(passage.writtenNs() - trace.atNs)
            + " after the publish, "
            + passage.bytes()
            + " bytes behind "
            + passage.before()
            + " that waited";
  }

  private SocketNotes.@Nullable Flush flush() {
    return passage == null ? null : passage.flush();
  }

  private ChainStep left() {
    SocketNotes.Flush flush = flush();
    if (flush != null && flush.after() == 0) {
      return ChainStep.yes(
          8,
          "the kernel took it "
              + Moments.exactly(flush.flushedNs() - trace.atNs)
              + " after the publish");
    }
    SessionView view = witness.view();
    SocketState socket = view == null ? null : view.socket();
    if (socket == null) {
      return ChainStep.unknown(8, "the connection has ended since");
    }
    return socket.pendingBytes() == 0
        ? ChainStep.yes(8, "nothing waits for this connection")
        : ChainStep.no(
            8,
            socket.pendingBytes()
                + " bytes wait for this connection: its client, or a proxy before it, reads too"
                + " slowly");
  }

  private ChainStep alive() {
    SocketNotes.Flush flush = flush();
    if (flush != null && flush.answeredNs() != 0) {
      return ChainStep.yes(
          9,
          "the client has answered "
              + Moments.exactly(flush.answeredNs() - flush.flushedNs())
              + " after that");
    }
    SessionView view = witness.view();
    SocketState socket = view == null ? null : view.socket();
    if (socket == null) {
      return ChainStep.unknown(9, "the connection has ended since");
    }
    long silentNs = witness.viewedNs() - socket.lastReadNs();
    long sinceNs = past.sinceDelivery();
    return silentNs < sinceNs
        ? ChainStep.yes(
            9, "the client has sent something " + Moments.text(sinceNs - silentNs) + " later")
        : ChainStep.unknown(
            9,
            "the client has sent nothing for "
                + Moments.text(silentNs)
                + "; it is asked after activity_timeout_seconds of silence");
  }

  private ChainStep handled() {
    return ChainStep.unknown(
        10,
        "as far as this server knows, the client has the event: is its name, "
            + trace.event
            + ", bound there? Laravel Echo listens for App\\Events\\NAME unless the name begins"
            + " with a dot");
  }
}
