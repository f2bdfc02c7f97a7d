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
  /// @param from the archive is read after this event, up to where memory goes on; null if `after`
  ///   says where to read
  /// @param sockets the connections from which the client resumes; null if the question had them
  record Decision(
      long after,
      EventId confirmed,
      @Nullable Gap gap,
      @Nullable EventId from,
      @Nullable List<String> sockets) {

    /// One that a sequence says.
    public Decision(long after, EventId confirmed, @Nullable Gap gap) {
      this(after, confirmed, gap, null, null);
    }

    /// The same, but the client cannot get something besides.
    public Decision with(Gap other) {
      return new Decision(after, confirmed, gap == null ? other : gap, from, sockets);
    }
  }

  /// What is known about a new subscription.
  ///
  /// @param rewind what its server asks for; null for what the rule says
  /// @param identity by which it is recognised; null if it is not
  /// @param claim where it goes on; null if no position is known for it
  /// @param socketId its connection
  /// @param nowNs on the server's monotonic clock
  record Question(
      @Nullable Rewind rewind,
      @Nullable Identity identity,
      Departed.@Nullable Claim claim,
      String socketId,
      long nowNs) {}

  /// Some events in a row, few enough for one write.
  ///
  /// @param through there are no others with a sequence up to this
  /// @param lost a bound of the events that are no longer kept; [EventId#NONE] if there are none
  /// @param next the archive is read on after this event; null if `through` says where to read
  /// @param gap what the client cannot get now, of which it is notified first; null if there is
  ///   none
  record Page(
      List<StoredEvent> events,
      long through,
      EventId lost,
      @Nullable EventId next,
      @Nullable Gap gap) {

    /// One that a sequence ends.
    public Page(List<StoredEvent> events, long through, EventId lost) {
      this(events, through, lost, null, null);
    }
  }

  /// Decides where a subscription begins.
  ///
  /// @param through later events reach the subscription anyway, so they do not count
  /// @throws UnreadableHistory if what is kept cannot be read
  Decision decide(Question question, long through);

  /// The next events with a sequence above `after`, as long as they are not in memory.
  ///
  /// @throws UnreadableHistory if what is kept cannot be read
  Page page(long after, long nowNs);

  /// The next events after another one, as long as they are not in memory. Only if a [Decision] or
  /// [Page] asks for it.
  ///
  /// @throws UnreadableHistory if what is kept cannot be read
  default Page page(EventId after, long nowNs) {
    throw new IllegalStateException("this archive reads by sequences");
  }

  /// Runs a task that calls the others, on another thread. Never blocks.
  void execute(Runnable task);

  /// A subscriber has confirmed everything up to `confirmed`, or was there a moment ago. Never
  /// blocks.
  void seen(Identity identity, EventId confirmed);

  /// Keeps the position of a subscription, if the archive keeps positions.
  ///
  /// @param isMailbox the rule has mailboxes
  default void follow(Reader reader, Identity identity, String socketId, boolean isMailbox) {
    if (isMailbox) {
      reader.follow(confirmed -> seen(identity, confirmed));
    }
  }
}
