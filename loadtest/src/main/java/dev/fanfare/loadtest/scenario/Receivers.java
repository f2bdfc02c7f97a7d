package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.TurnClock;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.measure.SequenceLedger;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.Unit;
import java.util.function.IntBinaryOperator;

/// Checks, counts and times every delivery to the subscribers of a run. Subscriber number N is
/// subscribed to channel N modulo the number of channels. Confined to the loop's thread.
final class Receivers implements PusherListener {

  private final TurnClock clock;
  private final EventRing ring;
  private final int channels;
  private final Ledgers ledgers;
  private final LatencyTrack latency = new LatencyTrack("delivery");

  private long delivered;
  private long disconnected;
  private long errors;
  private String firstTrouble = "";
  private boolean leaving;

  Receivers(TurnClock clock, EventRing ring, int subscribers, int channels, int publishers) {
    this.clock = clock;
    this.ring = ring;
    this.channels = channels;
    ledgers = new Ledgers(subscribers, publishers);
  }

  LatencyTrack latency() {
    return latency;
  }

  /// Messages delivered, counted for each subscriber, without duplicates.
  long delivered() {
    return delivered;
  }

  /// Messages overtaken by later ones so far; lost, if they never arrive.
  long missing() {
    return ledgers.sum(SequenceLedger::missing);
  }

  long disconnected() {
    return disconnected;
  }

  /// The first problem, empty if there was none.
  String firstTrouble() {
    return firstTrouble;
  }

  /// Sets whether closed connections are errors from now on.
  void leave(boolean allowed) {
    leaving = allowed;
  }

  @Override
  public void onDelivery(PusherSocket socket, int publisher, int channel, int sequence, int event) {
    SequenceLedger ledger = ledgers.of(socket.number());
    if (channel != socket.number() % channels) {
      ledger.acceptForeign();
    } else if (ledger.accept(publisher, sequence)) {
      delivered++;
      latency.record(clock.nowNs() - ring.intendedNs(event));
      ring.deliver(event);
    }
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    errors++;
    note("the server reported: " + reason);
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    if (!leaving && socket.state() == PusherSocket.State.CLOSED) {
      disconnected++;
      note(reason);
    }
  }

  private void note(String trouble) {
    if (firstTrouble.isEmpty()) {
      firstTrouble = trouble;
    }
  }

  /// Adds the check of every single message.
  ///
  /// @param sent numbers used, by publisher and channel
  void report(Findings findings, IntBinaryOperator sent) {
    findings.figure("delivered", "messages delivered", (double) delivered, Unit.COUNT);
    ledgers.report(
        findings,
        "messages",
        (publisher, subscriber) -> sent.applyAsInt(publisher, subscriber % channels));
    long foreign = ledgers.sum(SequenceLedger::foreign);
    findings.mustBeZero("misdirected", "messages to the wrong subscriber", foreign);
    findings.mustBeZero("errors", "errors from the server", errors);
    if (!firstTrouble.isEmpty()) {
      findings.failure("First problem: " + firstTrouble);
    }
  }
}
