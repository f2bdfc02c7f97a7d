package dev.fanfare.channel.lane;

import dev.fanfare.history.History;
import dev.fanfare.protocol.ChannelName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The subscribers of one channel on this node: an [Audience] for each lane, and how many each has.
///
/// The counts are written by one thread at a time, the one that holds the channel's entry, and read
/// by any; each audience belongs to its lane.
public abstract class Audiences {

  /// Of a channel that had no subscribers on this node yet: most channels of a node may have all of
  /// theirs on other nodes.
  private static final @Nullable Audience[] NONE = new Audience[0];

  /// As many zeros as there are lanes; never written.
  private static volatile int[] zeros = new int[0];

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(int[].class);

  private final ChannelName name;

  /// Written before `perLane`.
  private @Nullable Audience[] audiences;

  /// Connections per lane, read by publishers. Elements are read and written as volatile ones.
  private volatile int[] perLane;

  private volatile int localSubscribers;

  /// Null if no rule covers the channel, which is all that history costs then.
  private volatile @Nullable History history;

  protected Audiences(ChannelName name, int lanes) {
    this.name = name;
    this.audiences = NONE;
    this.perLane = zeros(lanes);
  }

  private static int[] zeros(int lanes) {
    int[] known = zeros;
    if (known.length != lanes) {
      known = new int[lanes];
      zeros = known;
    }
    return known;
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
    int[] counts = perLane;
    if (audiences.length == 0) {
      counts = new int[counts.length];
      audiences = new Audience[counts.length];
      perLane = counts;
    }
    COUNTS.setVolatile(counts, lane, counts[lane] + 1);
    localSubscribers = countLocal(counts);
  }

  /// A connection of `lane` has left; while the entry is held.
  protected final void countOut(int lane) {
    int[] counts = perLane;
    COUNTS.setVolatile(counts, lane, counts[lane] - 1);
    localSubscribers = countLocal(counts);
  }

  private static int countLocal(int[] counts) {
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    return total;
  }

  /// True if `lane` has subscribers of this channel; any thread.
  final boolean hasSubscribersOn(int lane) {
    return (int) COUNTS.getVolatile(perLane, lane) > 0;
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
    return lane < audiences.length ? audiences[lane] : null;
  }
}
