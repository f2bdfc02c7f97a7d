package dev.fanfare.channel.lane;

import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.History;
import dev.fanfare.history.Reader;
import dev.fanfare.history.Start;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection's subscription to one channel. Owned by the connection's lane; stores its index
/// in the lane's dense array, so that removal takes constant time.
public abstract sealed class Subscription {

  final Subscriber subscriber;
  final Audiences channel;

  /// The channel's sequence at the start of this subscription: older facts are not delivered to it.
  /// While kept events are replayed to it, it is moved forward by the lane that owns it.
  long joinedAt;

  private final @Nullable String userId;

  /// Index in [Audience], which maintains it; -1 while in none.
  int index = -1;

  /// True until it was counted out; guarded by the hold on the channel's entry.
  private boolean isCounted = true;

  private Subscription(
      Subscriber subscriber, Audiences channel, long joinedAt, @Nullable String userId) {
    this.subscriber = subscriber;
    this.channel = channel;
    this.joinedAt = joinedAt;
    this.userId = userId;
  }

  public Subscriber subscriber() {
    return subscriber;
  }

  /// Its channel, as far as lanes are concerned.
  public Audiences channel() {
    return channel;
  }

  /// The channel's sequence at the start of this subscription, as [#joinedAt] was then.
  public long joinedAt() {
    return joinedAt;
  }

  /// Counts it out; false if it was counted out before. While the entry is held.
  public boolean countOut() {
    boolean wasCounted = isCounted;
    isCounted = false;
    return wasCounted;
  }

  /// This connection's user in the presence channel, as recorded by the server; null on other
  /// channels.
  public @Nullable String userId() {
    return userId;
  }

  /// Connections subscribed to the channel on this node; any thread.
  public int localSubscribers() {
    return channel.localSubscribers();
  }

  public ChannelName channelName() {
    return channel.name();
  }

  /// The kept events that it gets before it enters its lane's audience; null if there are none, or
  /// no more.
  public @Nullable CatchUp replay() {
    return null;
  }

  /// Its position if it may be resumed, else null.
  public @Nullable Reader reader() {
    return null;
  }

  /// It has ended; unless it has departed, nothing resumes it. Called while the entry is held.
  public void end() {}

  /// What a subscriber that came back cannot get; null if it gets everything.
  public @Nullable Gap gap() {
    return null;
  }

  /// The last kept event that was written to it, if it may be resumed; null if that is not known.
  /// On the lane that owns it.
  public @Nullable EventId given() {
    return null;
  }

  /// The connection has ended: where it may be resumed, for as long as the rule says. Null if it
  /// may not. On the lane that owns it.
  ///
  /// @param given the last kept event that was written to it; null if that is not known
  public Departed.@Nullable Position depart(@Nullable EventId given, long nowNs) {
    return null;
  }

  /// A subscription to a channel that keeps events, on a node without a bus.
  public static Subscription of(
      Subscriber subscriber,
      Audiences channel,
      long joinedAt,
      @Nullable String userId,
      Start start,
      NanoClock clock) {
    History history = channel.history();
    CatchUp replay =
        history == null || start.after() == EventLog.END
            ? null
            : new CatchUp(history.log(), start, clock);
    if (replay == null && start.reader() == null) {
      return new Plain(subscriber, channel, joinedAt, userId);
    }
    Kept subscription =
        new Kept(subscriber, channel, joinedAt, userId, start.reader(), start.gap());
    if (replay != null) {
      subscription.replay = replay;
      replay.begin(subscription);
    }
    return subscription;
  }

  /// Everything up to that sequence was replayed. Called by the lane that owns it.
  ///
  /// @param replayed the last kept event among it; [EventId#NONE] if there was none
  void caughtUp(long sequence, EventId replayed) {
    joinedAt = sequence;
  }

  private static final class Kept extends Subscription {

    private final @Nullable Reader reader;
    private final @Nullable Gap gap;
    private @Nullable CatchUp replay;

    /// The log may not know what was at its sequence, since that was read from the archive.
    private EventId replayed = EventId.NONE;

    private Kept(
        Subscriber subscriber,
        Audiences channel,
        long joinedAt,
        @Nullable String userId,
        @Nullable Reader reader,
        @Nullable Gap gap) {
      super(subscriber, channel, joinedAt, userId);
      this.reader = reader;
      this.gap = gap;
    }

    @Override
    public @Nullable CatchUp replay() {
      return replay;
    }

    @Override
    public @Nullable Gap gap() {
      return gap;
    }

    @Override
    public @Nullable Reader reader() {
      return reader;
    }

    @Override
    public @Nullable EventId given() {
      History history = channel.history();
      Audience audience = channel.audienceOrNull(subscriber.lane().index());
      if (history == null || audience == null || reader == null) {
        return null;
      }
      EventId sent = replay == null ? replayed : replay.given();
      EventId id = history.log().idAt(audience.given(this));
      boolean isOlder = id == null || id.compareTo(sent) < 0;
      return isOlder && !sent.equals(EventId.NONE) ? sent : id;
    }

    @Override
    public Departed.@Nullable Position depart(@Nullable EventId given, long nowNs) {
      History history = channel.history();
      if (reader == null || history == null || !history.resumes()) {
        return null;
      }
      long seconds = history.rule().resumeSeconds();
      return reader.depart(given, nowNs + TimeUnit.SECONDS.toNanos(seconds), nowNs);
    }

    @Override
    public void end() {
      if (reader != null) {
        reader.end();
      }
    }

    @Override
    void caughtUp(long sequence, EventId replayed) {
      super.caughtUp(sequence, replayed);
      this.replayed = replayed;
      replay = null;
    }
  }

  /// On a node without a bus.
  public static final class Plain extends Subscription {
    public Plain(Subscriber subscriber, Audiences channel, long joinedAt, @Nullable String userId) {
      super(subscriber, channel, joinedAt, userId);
    }
  }

  /// On a node with a bus: an event of another node may arrive late, and is only for subscriptions
  /// that are older.
  public static final class Timed extends Subscription {

    private final long joinedAtNs;

    public Timed(
        Subscriber subscriber,
        Audiences channel,
        long joinedAt,
        @Nullable String userId,
        long joinedAtNs) {
      super(subscriber, channel, joinedAt, userId);
      this.joinedAtNs = joinedAtNs;
    }

    /// On the clock of the bus.
    public long joinedAtNs() {
      return joinedAtNs;
    }
  }
}
