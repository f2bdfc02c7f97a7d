package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.TurnClock;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.Unit;
import dev.fanfare.loadtest.wire.ServerText;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/// The members that stay: each must be notified of every join and leave of a visitor to its
/// channel. A visitor is called `visitor-V-N`, V being its number and N its visit to this channel,
/// so a join is number 2N and a leave 2N+1 of that visitor's changes. Confined to the loop's
/// thread.
final class Members implements PusherListener {

  private static final long SETTLE_NS = 500_000_000L;
  private static final String NAME = "visitor-";

  private final TurnClock clock;
  private final int channels;
  private final Ledgers ledgers;
  private final LatencyTrack latency;

  private @Nullable Visitors watched;
  private long noticed;
  private String firstTrouble = "";
  private boolean leaving;

  Members(TurnClock clock, Load load, LatencyTrack latency) {
    this.clock = clock;
    this.latency = latency;
    channels = load.channels();
    ledgers = new Ledgers(load.connections(), load.publishers());
  }

  /// Waits for the notices of the members' own joins.
  void await(Rig rig) {
    rig.loop().runFor(SETTLE_NS);
  }

  void watch(Visitors visitors) {
    watched = visitors;
  }

  /// From now on closed connections are not errors.
  void leave() {
    leaving = true;
  }

  long noticed() {
    return noticed;
  }

  String firstTrouble() {
    return firstTrouble;
  }

  @Override
  public void onMessage(PusherSocket socket, ServerText message) {
    boolean added = message.event().equals("pusher_internal:member_added");
    if (!added && !message.event().equals("pusher_internal:member_removed")) {
      return;
    }
    String user = message.dataField("user_id");
    if (!user.startsWith(NAME)) {
      return;
    }
    int dash = user.indexOf('-', NAME.length());
    int visitor = Integer.parseInt(user.substring(NAME.length(), dash));
    int visit = Integer.parseInt(user.substring(dash + 1));
    boolean fresh = ledgers.of(socket.number()).accept(visitor, 2 * visit + (added ? 0 : 1));
    if (fresh && watched != null) {
      noticed++;
      latency.record(clock.nowNs() - watched.onNoticed(visitor));
    }
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    trouble(reason);
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    if (!leaving) {
      trouble(reason);
    }
  }

  void trouble(String reason) {
    if (firstTrouble.isEmpty()) {
      firstTrouble = reason;
    }
  }

  /// Adds the check of every single notice.
  ///
  /// @param sent changes made, by visitor and channel
  void report(Findings findings, IntBinaryOperator sent) {
    findings.figure("noticed", "notices received", (double) noticed, Unit.COUNT);
    ledgers.report(
        findings, "notices", (visitor, member) -> sent.applyAsInt(visitor, member % channels));
  }
}
