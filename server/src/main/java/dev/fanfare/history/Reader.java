package dev.fanfare.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The position of one live subscription that may be resumed: the last event that its client has
/// confirmed. The lane that owns the subscription writes it; any thread reads it.
public final class Reader {

  /// Is notified of the position of a subscription, on any thread. Never blocks.
  @FunctionalInterface
  public interface Follower {

    /// The client has confirmed everything up to this event.
    void onConfirmed(EventId confirmed);

    /// It is decided where the subscription begins.
    default void onBegun() {}

    /// What follows cannot be read. The client was notified, and goes on with live events.
    default void onInterrupted() {}

    /// The connection has ended, and the position waits for its client.
    ///
    /// @param forNs how long
    default void onDeparted(EventId confirmed, long forNs) {}

    /// The subscription has ended for good, without a resume.
    default void onEnded() {}
  }

  private static final Follower NONE = _ -> {};

  final Departed departed;
  final OfChannel.OfIdentity of;

  /// The connection, and those from which it resumed, newest first.
  volatile List<String> sockets;

  private volatile EventId confirmed;

  /// Since when the client owes an answer, on the server's monotonic clock; 0 if it owes none.
  volatile long owesSinceNs;

  /// A newer connection with the same narrow identity has resumed from here.
  volatile boolean isTaken;

  /// The last event about which the client was asked. Confined to the lane.
  private EventId asked;

  /// Is notified of what the client confirms.
  private volatile Follower follower = NONE;

  /// Guarded by the lock of [Departed].
  boolean isLive = true;

  Reader(Departed departed, OfChannel.OfIdentity of, List<String> sockets, EventId confirmed) {
    this.departed = departed;
    this.of = of;
    this.sockets = sockets;
    this.confirmed = confirmed;
    this.asked = confirmed;
  }

  /// Everything up to this event has reached the client.
  public EventId confirmed() {
    return confirmed;
  }

  /// How often the client is asked at most, nanoseconds.
  public long intervalNs() {
    return TimeUnit.MILLISECONDS.toNanos(departed.options().acknowledgeMilliseconds());
  }

  /// The connection, and those from which it resumed, newest first. Any thread.
  public List<String> sockets() {
    return sockets;
  }

  /// The client has resumed from these connections, too. On the lane, before anything is given.
  public void resumedFrom(List<String> former) {
    List<String> all = new ArrayList<>(sockets.subList(0, 1));
    former.stream().limit(Departed.MAX_SOCKETS - 1).forEach(all::add);
    sockets = List.copyOf(all);
  }

  /// `added` is notified from now on.
  public void follow(Follower added) {
    follower = added;
  }

  /// The client has confirmed this on its last connection.
  void notifyFollower(EventId given) {
    follower.onConfirmed(given);
  }

  /// The client need not get anything up to this event. On the lane, before anything is given.
  public void beginAt(EventId known) {
    confirmed = known;
    asked = known;
    follower.onBegun();
  }

  /// The client was notified that what follows cannot be read, and goes on with live events. On the
  /// lane.
  public void interrupt() {
    follower.onInterrupted();
  }

  /// True if a newer connection has resumed from here.
  public boolean isTaken() {
    return isTaken;
  }

  /// True if the client was given more than it was asked about. On the lane.
  ///
  /// @param given the last event that was written to it; null if it is not known
  public boolean isBehind(@Nullable EventId given) {
    return given != null && given.compareTo(asked) > 0;
  }

  /// The client is asked to confirm everything up to `given`. On the lane.
  public void ask(EventId given, long nowNs) {
    asked = given;
    owesSinceNs = nowNs == 0 ? 1 : nowNs;
  }

  /// The client has confirmed everything up to `given`. On the lane.
  ///
  /// @param wasTaken a newer connection had resumed from here when the client was asked, so both
  ///   are alive
  /// @return true if the identity turns out to be shared by several clients
  public boolean confirm(EventId given, boolean wasTaken) {
    owesSinceNs = 0;
    if (given.compareTo(confirmed) > 0) {
      confirmed = given;
      follower.onConfirmed(given);
    }
    return wasTaken && departed.share(this);
  }

  /// The connection has ended; the position waits for its client.
  ///
  /// @param given the last event that was written to it; null if it is not known
  /// @param untilNs on the server's monotonic clock
  /// @return null if a newer connection has resumed from here
  public Departed.@Nullable Position depart(@Nullable EventId given, long untilNs, long nowNs) {
    Departed.Position position = departed.depart(this, given, untilNs, nowNs);
    if (position != null) {
      follower.onDeparted(confirmed, untilNs - nowNs);
    }
    return position;
  }

  /// The subscription has ended for good, without a resume. Does nothing after [#depart].
  public void end() {
    if (departed.end(this)) {
      follower.onEnded();
    }
  }
}
