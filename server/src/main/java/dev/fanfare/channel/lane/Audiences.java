package dev.fanfare.channel.lane;

import dev.fanfare.history.History;
import dev.fanfare.protocol.ChannelName;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// The subscribers of one channel on this node: an [Audience] for each lane, and how many each has.
///
/// The counts are written by one thread at a time, whoever holds the channel's entry, and read by
/// any; each audience belongs to its lane.
public abstract class Audiences {

  private final ChannelName name;
  private final @Nullable Audience[] audiences;

  /// Connections per lane, read by publishers.
  private final AtomicIntegerArray perLane;

  private volatile int localSubscribers;

  /// Null if no rule covers the channel, which is all that history costs then.
  private volatile @Nullable History history;

  protected Audiences(ChannelName name, int lanes) {
    this.name = name;
    this.audiences = new Audience[lanes];
    this.perLane = new AtomicIntegerArray(lanes);
  }

  public final ChannelName name() {
    return name;
  }

  /// Connections subscribed on this node; any thread.
  public final int localSubscribers() {
    return localSubscribers;
  }

  /// What the channel keeps under a rule; null if none covers it. Any thread.
  public final @Nullable History history() {
    return history;
  }

  /// While the entry is held.
  protected final void setHistory(@Nullable History history) {
    this.history = history;
  }

  /// A connection of `lane` has joined; while the entry is held.
  protected final void countIn(int lane) {
    perLane.incrementAndGet(lane);
    localSubscribers = countLocal();
  }

  /// A connection of `lane` has left; while the entry is held.
  protected final void countOut(int lane) {
    perLane.decrementAndGet(lane);
    localSubscribers = countLocal();
  }

  private int countLocal() {
    int total = 0;
    for (int lane = 0; lane < audiences.length; lane++) {
      total += perLane.get(lane);
    }
    return total;
  }

  /// True if `lane` has subscribers of this channel; any thread.
  final boolean hasSubscribersOn(int lane) {
    return perLane.get(lane) > 0;
  }

  /// The subscribers on one lane; that lane only.
  final Audience audience(int lane) {
    Audience audience = audiences[lane];
    if (audience == null) {
      audience = new Audience();
      audiences[lane] = audience;
    }
    return audience;
  }

  final @Nullable Audience audienceOrNull(int lane) {
    return audiences[lane];
  }
}
