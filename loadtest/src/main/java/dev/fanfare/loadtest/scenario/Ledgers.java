package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.SequenceLedger;
import dev.fanfare.loadtest.report.Findings;
import java.util.function.IntBinaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// The sequence ledgers of all receivers of a run. Confined to the loop's thread.
final class Ledgers {

  private final SequenceLedger[] all;
  private final int senders;

  /// @param senders each numbers what it sends to a receiver from 0
  Ledgers(int receivers, int senders) {
    this.senders = senders;
    all =
        Stream.generate(() -> new SequenceLedger(senders))
            .limit(receivers)
            .toArray(SequenceLedger[]::new);
  }

  SequenceLedger of(int receiver) {
    return all[receiver];
  }

  /// The sum over all receivers.
  long sum(ToLongFunction<SequenceLedger> count) {
    long sum = 0;
    for (SequenceLedger ledger : all) {
      sum += count.applyAsLong(ledger);
    }
    return sum;
  }

  /// Adds the check of every single arrival.
  ///
  /// @param what the plural of what arrives
  /// @param sent numbers used, by sender and receiver
  void report(Findings findings, String what, IntBinaryOperator sent) {
    long lost = 0;
    for (int receiver = 0; receiver < all.length; receiver++) {
      for (int sender = 0; sender < senders; sender++) {
        lost += all[receiver].lost(sender, sent.applyAsInt(sender, receiver));
      }
    }
    findings.mustBeZero("lost", what + " lost", lost);
    findings.mustBeZero("duplicated", what + " duplicated", sum(SequenceLedger::duplicated));
    findings.mustBeZero("out_of_order", what + " out of order", sum(SequenceLedger::outOfOrder));
  }
}
