package dev.fanfare.history;

import dev.fanfare.app.ChannelKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The positions of subscriptions that may be resumed: of live ones ([Reader]), and of those whose
/// connection has ended, for some time. Any thread, also while a channel's entry is held; takes no
/// other lock.
///
/// With a narrow identity, a position is taken by the client that comes back. With a wide one, who
/// comes back cannot be distinguished from who is new: a subscriber starts at the oldest position
/// that waits, and nothing is removed before its time, so that no client misses anything.
public final class Departed {

  /// A client that owes an answer for longer has perhaps come back on another connection.
  static final long OVERDUE_NS = TimeUnit.SECONDS.toNanos(2);

  /// How long after the end of a connection its client may still confirm, by answering the close
  /// frame.
  static final long OPEN_NS = TimeUnit.SECONDS.toNanos(5);

  /// Positions of one identity in one channel; above that, two neighbours become one.
  static final int MAX_WAITING = 16;

  /// Sockets that are remembered of a client that comes back again and again.
  static final int MAX_SOCKETS = 4;

  /// The position of a subscription whose connection has ended.
  public static final class Position {
    final Reader reader;
    final @Nullable EventId given;
    private final long openUntilNs;
    EventId confirmed;
    long untilNs;

    /// False once it has been confirmed or merged with another.
    boolean isOpen = true;

    private Position(Reader reader, @Nullable EventId given, long untilNs, long nowNs) {
      this.reader = reader;
      this.given = given;
      this.confirmed = reader.confirmed();
      this.untilNs = untilNs;
      this.openUntilNs = nowNs + OPEN_NS;
    }

    /// The client has read everything that was written to it before the end.
    public void confirm() {
      if (given != null && reader.departed.confirm(this)) {
        reader.notifyFollower(given);
      }
    }

    /// The connection that has ended.
    String socketId() {
      return reader.sockets.getFirst();
    }

    boolean isOpen(long nowNs) {
      return isOpen && given != null && openUntilNs - nowNs > 0;
    }
  }

  /// Where a subscriber that was recognised goes on.
  ///
  /// @param after the last event that it has confirmed
  /// @param lost the newest event that was lost with an earlier log of the channel
  /// @param sockets the connections from which it resumes; empty with a wide identity
  /// @param overlapMs what was confirmed that shortly before `after` is sent again
  public record Claim(EventId after, EventId lost, List<String> sockets, long overlapMs) {

    /// Events above this one are sent, those up to `after` again.
    public EventId from() {
      return overlapMs == 0 ? after : new EventId(Math.max(0, after.ms() - overlapMs), 0);
    }
  }

  private final ResumeOptions options;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<ChannelKey, OfChannel> channels = new HashMap<>();
  private final Waiting order;
  private long forgotten;

  /// @param maxPositions that wait at most, besides the limit on connections
  public Departed(ResumeOptions options, int maxPositions) {
    this.options = options;
    this.order = new Waiting(options.maxConnections(), maxPositions);
  }

  ResumeOptions options() {
    return options;
  }

  /// Positions that wait.
  public int waiting() {
    return locked(() -> order.positions());
  }

  /// Positions that were forgotten before their time, because there were too many.
  public long forgotten() {
    return locked(() -> forgotten);
  }

  /// The positions that wait, the oldest first, for the next process.
  public List<Inherited.Position> left() {
    return locked(() -> order.left());
  }

  /// True if a client may still confirm what it was given before its connection was closed.
  public boolean isAwaitingAnswers(long nowNs) {
    return locked(() -> order.isAwaitingAnswers(nowNs));
  }

  /// Adds a position that an earlier process left.
  public void restore(Inherited.Position left, long nowNs) {
    if (left.place().untilNs() - nowNs <= 0) {
      return;
    }
    lock.lock();
    try {
      OfChannel ofChannel = channels.computeIfAbsent(left.channel(), OfChannel::new);
      OfChannel.OfIdentity of = ofChannel.of(left.identity());
      ofChannel.lose(left.lost());
      of.isShared |= left.isShared();
      Reader reader = new Reader(this, of, left.place().sockets(), left.place().confirmed());
      reader.isLive = false;
      Position position = new Position(reader, null, left.place().untilNs(), nowNs);
      of.waiting.add(position);
      order.add(position);
      trim(nowNs);
    } finally {
      lock.unlock();
    }
  }

  /// Forgets all positions.
  public void clear() {
    drop(_ -> true);
  }

  /// A subscriber comes, perhaps back; null if no position is known for it.
  public @Nullable Claim claim(String appId, String channel, Identity identity, long nowNs) {
    lock.lock();
    try {
      OfChannel ofChannel = channels.get(new ChannelKey(appId, channel));
      OfChannel.OfIdentity of = ofChannel == null ? null : ofChannel.identities.get(identity);
      if (of == null) {
        return null;
      }
      expire(of, nowNs);
      Claim claim = of.isNarrow() ? takeNarrow(of) : oldest(of, nowNs);
      prune(of);
      return claim;
    } finally {
      lock.unlock();
    }
  }

  private Claim claim(OfChannel.OfIdentity of, EventId after, List<String> sockets) {
    return new Claim(after, of.channel.lost, sockets, options.overlapMilliseconds());
  }

  private @Nullable Claim takeNarrow(OfChannel.OfIdentity of) {
    EventId after = null;
    List<String> sockets = List.of();
    for (Reader reader : of.live) {
      if (!reader.isTaken) {
        reader.isTaken = true;
        if (after == null || reader.confirmed().compareTo(after) < 0) {
          after = reader.confirmed();
          sockets = reader.sockets;
        }
      }
    }
    for (Position position : of.waiting) {
      if (after == null || position.confirmed.compareTo(after) < 0) {
        after = position.confirmed;
        sockets = position.reader.sockets;
      }
    }
    of.waiting.forEach(order::remove);
    of.waiting.clear();
    return after == null ? null : claim(of, after, sockets);
  }

  private @Nullable Claim oldest(OfChannel.OfIdentity of, long nowNs) {
    EventId after = null;
    for (Reader reader : of.live) {
      long since = reader.owesSinceNs;
      if (since != 0 && nowNs - since > OVERDUE_NS) {
        after = min(after, reader.confirmed());
      }
    }
    for (Position position : of.waiting) {
      after = min(after, position.confirmed);
    }
    return after == null ? null : claim(of, after, List.of());
  }

  private static EventId min(@Nullable EventId one, EventId other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  /// A subscriber has come.
  ///
  /// @param socketId its connection
  /// @param claim where it goes on; null if it is new
  /// @param confirmed what it need not get
  public Reader begin(
      String appId,
      String channel,
      Identity identity,
      String socketId,
      @Nullable Claim claim,
      EventId confirmed) {
    List<String> sockets = new ArrayList<>(1);
    sockets.add(socketId);
    if (claim != null) {
      claim.sockets.stream().limit(MAX_SOCKETS - 1).forEach(sockets::add);
    }
    lock.lock();
    try {
      OfChannel ofChannel =
          channels.computeIfAbsent(new ChannelKey(appId, channel), OfChannel::new);
      OfChannel.OfIdentity of = ofChannel.of(identity);
      if (claim != null) {
        ofChannel.lose(claim.lost); // its client has not been notified yet
      }
      Reader reader = new Reader(this, of, List.copyOf(sockets), confirmed);
      of.live.add(reader);
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /// The log of a channel was closed.
  ///
  /// @param lost the newest event that is lost with it
  public void closed(String appId, String channel, EventId lost) {
    lock.lock();
    try {
      OfChannel ofChannel = channels.get(new ChannelKey(appId, channel));
      if (ofChannel != null) {
        ofChannel.lose(lost);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What a channel had lost was purged: no client is notified of it.
  ///
  /// @param withPositions those that wait are forgotten too
  public void purged(String appId, String channel, boolean withPositions) {
    ChannelKey key = new ChannelKey(appId, channel);
    lock.lock();
    try {
      OfChannel ofChannel = channels.get(key);
      if (ofChannel != null) {
        ofChannel.lost = EventId.NONE;
      }
    } finally {
      lock.unlock();
    }
    if (withPositions) {
      drop(of -> of.channel.key.equals(key));
    }
  }

  /// Forgets the positions that wait for a client, in all channels of an app.
  public void forget(String appId, Identity identity) {
    drop(of -> of.identity.equals(identity) && of.channel.key.appId().equals(appId));
  }

  private void drop(Predicate<OfChannel.OfIdentity> which) {
    lock.lock();
    try {
      order.find(position -> which.test(position.reader.of)).forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Position depart(Reader reader, @Nullable EventId given, long untilNs, long nowNs) {
    lock.lock();
    try {
      if (!reader.isLive) {
        return null;
      }
      OfChannel.OfIdentity of = reader.of;
      Position position = null;
      boolean isTaken = reader.isTaken && of.isNarrow();
      if (!isTaken && untilNs - nowNs > 0) {
        position = new Position(reader, given, untilNs, nowNs);
        of.waiting.add(position);
        order.add(position);
        expire(of, nowNs);
        order.reduce(of.waiting, nowNs);
      }
      reader.isLive = false;
      of.live.remove(reader);
      prune(of);
      trim(nowNs);
      return position;
    } finally {
      lock.unlock();
    }
  }

  boolean end(Reader reader) {
    lock.lock();
    try {
      boolean wasLive = reader.isLive; // else it had ended before
      if (wasLive) {
        reader.isLive = false;
        reader.of.live.remove(reader);
        prune(reader.of);
      }
      return wasLive;
    } finally {
      lock.unlock();
    }
  }

  boolean share(Reader reader) {
    return locked(() -> {
      boolean isNews = !reader.of.isShared;
      reader.of.isShared = true;
      return isNews;
    });
  }

  /// True if it was not known yet.
  private boolean confirm(Position position) {
    return locked(() -> {
      EventId given = position.given;
      if (given == null || !position.isOpen) {
        return false;
      }
      position.isOpen = false;
      boolean isNews = given.compareTo(position.confirmed) > 0;
      position.confirmed = isNews ? given : position.confirmed;
      return isNews;
    });
  }

  private <T> T locked(Supplier<T> task) {
    lock.lock();
    try {
      return task.get();
    } finally {
      lock.unlock();
    }
  }

  private void expire(OfChannel.OfIdentity of, long nowNs) {
    of.waiting.removeIf(position -> position.untilNs - nowNs <= 0 && order.remove(position));
  }

  /// Forgets what has expired, oldest first, and what is too much.
  private void trim(long nowNs) {
    while (!order.isEmpty()) {
      Position oldest = order.oldest();
      boolean isExpired = oldest.untilNs - nowNs <= 0;
      if (!isExpired && !order.isOverfull()) {
        return;
      }
      forgotten += isExpired ? 0 : 1;
      drop(oldest);
    }
  }

  private void drop(Position position) {
    var _ = order.remove(position);
    position.reader.of.waiting.remove(position);
    prune(position.reader.of);
  }

  /// Drops what has neither live nor departed subscriptions.
  private void prune(OfChannel.OfIdentity of) {
    OfChannel ofChannel = of.channel;
    if (of.live.isEmpty() && of.waiting.isEmpty()) {
      ofChannel.identities.remove(of.identity, of);
      if (ofChannel.identities.isEmpty()) {
        channels.remove(ofChannel.key, ofChannel);
      }
    }
  }
}
