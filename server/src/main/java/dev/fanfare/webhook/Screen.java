package dev.fanfare.webhook;

import dev.fanfare.webhook.outbox.Fact;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets those events through that this node reports, when they are due. Confined to one thread.
///
/// @param holdBack delays removals
/// @param coordination decides which events this node reports
/// @param pulses gives others what they report; null on a node without others
record Screen(HoldBack holdBack, Coordination coordination, @Nullable Pulses pulses) {

  /// Adds the next event. Events that are due now, this one or others, go to `due`.
  void take(Fact fact, Consumer<Fact> due) {
    Consumer<Fact> admitted = admitted(due);
    holdBack.release(fact.atNs(), admitted);
    if (!coordination.concerns(fact)) {
      return;
    }
    holdBack.take(fact, admitted);
    if (coordination.isArrival(fact)) {
      admitted.accept(fact); // the removal that it has undone may be that of another node's claim
    }
  }

  /// Looks for events that were missed.
  void step(Consumer<Fact> due) {
    coordination.step(correction -> take(correction, due));
    coordination.settle(due);
    if (pulses != null) {
      pulses.step(due);
    }
  }

  /// Passes on the removals whose delay is over at `nowNs`.
  void release(long nowNs, Consumer<Fact> due) {
    holdBack.release(nowNs, admitted(due));
  }

  /// Passes on all removals, at shutdown.
  void releaseAll(Consumer<Fact> due) {
    holdBack.releaseAll(admitted(due));
  }

  /// Events are in the outbox.
  void accepted(List<Fact> facts) {
    coordination.accepted(facts);
    for (Fact fact : facts) {
      if (fact.sender() != null) {
        fact.sender().accepted();
      }
    }
  }

  /// Events were lost.
  void lost(List<Fact> facts) {
    for (Fact fact : facts) {
      if (fact.sender() != null) {
        fact.sender().lost();
      }
    }
  }

  Consumer<Fact> admitted(Consumer<Fact> due) {
    return fact -> {
      if (!coordination.admits(fact)) {
        if (fact.sender() != null) {
          fact.sender().accepted();
        }
      } else if (pulses == null || !pulses.forward(fact)) {
        due.accept(fact);
      }
    };
  }

  /// True if nothing becomes due by time.
  boolean isIdle() {
    return holdBack.isEmpty() && !coordination.isActive();
  }
}
