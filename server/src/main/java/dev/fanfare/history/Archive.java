package dev.fanfare.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a channel keeps elsewhere than in memory. [#decide] and [#page] block and are never called
/// on a lane.
public interface Archive {

  /// Where a subscription begins.
  ///
  /// @param after the sequence below the first event to replay; [EventLog#END] if there is none
  /// @param confirmed what the client need not get
  /// @param gap what the client cannot get; null if it gets everything
  record Decision(long after, EventId confirmed, @Nullable Gap gap) {}

  /// What is known about a new subscription.
  ///
  /// @param rewind what its server asks for; null for what the rule says
  /// @param identity by which it is recognised; null if it is not
  /// @param claim where it goes on; null if no position is known for it
  /// @param nowNs on the server's monotonic clock
  record Question(
      @Nullable Rewind rewind,
      @Nullable Identity identity,
      Departed.@Nullable Claim claim,
      long nowNs) {}

  /// Some events in a row, few enough for one write.
  ///
  /// @param through there are no others with a sequence up to this
  /// @param lost a bound of the events that are no longer kept; [EventId#NONE] if there are none
  record Page(List<StoredEvent> events, long through, EventId lost) {}

  /// Decides where a subscription begins.
  ///
  /// @param through later events reach the subscription anyway, so they do not count
  /// @throws UnreadableHistory if what is kept cannot be read
  Decision decide(Question question, long through);

  /// The next events with a sequence above `after`, as long as they are not in memory.
  ///
  /// @throws UnreadableHistory if what is kept cannot be read
  Page page(long after, long nowNs);

  /// Runs a task that calls the others, on another thread. Never blocks.
  void execute(Runnable task);

  /// A subscriber has confirmed everything up to `confirmed`, or was there a moment ago. Never
  /// blocks.
  void seen(Identity identity, EventId confirmed);
}
