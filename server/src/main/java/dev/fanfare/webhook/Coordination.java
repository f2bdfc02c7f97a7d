package dev.fanfare.webhook;

import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Presence;
import java.util.List;
import java.util.function.Consumer;

/// Decides which events this node reports, on the thread of [Intake].
interface Coordination {

  /// A node without others reports everything.
  Coordination ALONE =
      new Coordination() {

        @Override
        public boolean isActive() {
          return false;
        }

        @Override
        public boolean isSettled() {
          return true;
        }

        @Override
        public boolean concerns(Fact fact) {
          return true;
        }

        @Override
        public boolean isArrival(Fact fact) {
          return false;
        }

        @Override
        public boolean admits(Fact fact) {
          return true;
        }

        @Override
        public void accepted(List<Fact> facts) {}

        @Override
        public void step(Consumer<Fact> corrections) {}

        @Override
        public void settle(Consumer<Fact> corrections) {}

        @Override
        public boolean isPresent(Presence presence) {
          return false;
        }
      };

  /// True if [#step] has to be called regularly.
  boolean isActive();

  /// False while this node does not know what the others have reported.
  boolean isSettled();

  /// False if this node has nothing to do with the event.
  boolean concerns(Fact fact);

  /// True if [#admits] may be asked twice, and admits the event once.
  boolean isArrival(Fact fact);

  /// True if this node reports the event now.
  boolean admits(Fact fact);

  /// Events are in the outbox.
  void accepted(List<Fact> facts);

  /// Looks for events that were missed, because another node was to report them.
  ///
  /// @param corrections receives them; they may be held back
  void step(Consumer<Fact> corrections);

  /// Reports the truth of what two nodes have reported differently.
  ///
  /// @param corrections receives it, to be reported at once
  void settle(Consumer<Fact> corrections);

  /// True if the channel or the user is known to be present on any node, although it was not
  /// reported since the start.
  boolean isPresent(Presence presence);
}
