package dev.fanfare.channel.lane;

import dev.fanfare.history.EventId;
import dev.fanfare.history.History;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One lane's subscribers of one channel, and the messages pending for them. Confined to the lane.
///
/// Subscribers are kept in a dense array. A delivery walks it from the end to the start and may
/// pause anywhere: `cursor` is the number of subscribers not yet reached, all at indexes below it.
/// New subscribers are appended above the cursor, so a walk never reaches those who joined after it
/// began; one who leaves below it is replaced by the last one not yet reached. So each is served
/// exactly once, even if others join and leave between two slices.
///
/// Pending messages are the same bytes for almost all subscribers, so they are coalesced once. Only
/// subscribers that are excluded from a message, or that joined after the fact that it reports,
/// receive their messages one by one.
final class Audience {

  /// Bytes coalesced into one write; the rest waits, so that a large burst is not held twice.
  static final int MAX_COALESCED_BYTES = 256 * 1024;

  private static final Subscription[] NONE = new Subscription[0];
  private Subscription[] subscriptions = NONE;
  private int size;

  /// The highest [Subscription#joinedAt]; facts above it concern every subscriber.
  private long newestJoin = -1;

  private List<Outbound> pending = List.of();

  // The walk in progress; `coalesced` is null between walks.
  private List<Outbound> walking = List.of();
  private @Nullable Frames coalesced;
  private @Nullable Frames @Nullable [] singles;
  private boolean selective;

  /// Null unless a message of the walk is traced.
  private @Nullable WalkCount count;

  private long oldestFact;
  private int cursor;

  /// The first message of the walk that the subscriber at the cursor was not given.
  private int nextSingle;

  /// Messages up to this sequence were written to all; those of the walk in progress up to
  /// `walkingTo`, which is the same between walks, to those that it has reached.
  private long walkedTo;

  private long walkingTo;

  /// The last event of these walks that a rule keeps; null if there was none.
  private @Nullable EventId walkedId;

  /// Subscriptions to which kept events are replayed: not yet members of this audience.
  private Map<Subscription, CatchUp> catchUps = Map.of();

  /// True while this audience waits in the lane's round of those with events.
  boolean isQueued;

  /// True while it is among those for which only facts waited.
  boolean isPostponed;

  int size() {
    return size;
  }

  /// Subscriptions to which kept events are replayed.
  int catchingUp() {
    return catchUps.size();
  }

  void add(Subscription subscription) {
    if (size == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, Math.max(2, size + (size >> 1)));
    }
    subscription.index = size;
    subscriptions[size++] = subscription;
    newestJoin = Math.max(newestJoin, subscription.joinedAt);
  }

  /// Adds a subscription that becomes a member once it has caught up.
  void add(CatchUp catchUp) {
    if (catchUps.isEmpty()) {
      catchUps = new HashMap<>();
    }
    catchUps.put(catchUp.subscription(), catchUp);
  }

  /// The member at the cursor cannot be written to: it leaves, and gets what is kept from its log
  /// before it becomes a member again.
  ///
  /// @return null if no rule keeps any of the messages that it was not given
  @Nullable CatchUp fallBehind(Subscription subscription, NanoClock clock) {
    History history = subscription.channel.history();
    List<Outbound> missed = new ArrayList<>(walking.subList(nextSingle, walking.size()));
    Outbound first = missed.stream().filter(Outbound::isStored).findFirst().orElse(null);
    if (history == null || first == null || subscription.index < cursor) {
      return null;
    }
    missed.addAll(pending);
    EventId given = Outbound.lastStored(walking.subList(0, nextSingle), walkedId);
    remove(subscription);
    CatchUp catchUp = CatchUp.behind(subscription, history.log(), first, given, clock);
    missed.forEach(catchUp::feed);
    add(catchUp);
    return catchUp;
  }

  /// A subscription has caught up: it gets what is published from now on like all others.
  void enter(CatchUp catchUp) {
    var _ = removeCatchUp(catchUp.subscription());
    add(catchUp.subscription());
  }

  /// True if a subscription that has caught up may become a member: what waits here was passed to
  /// it already.
  boolean mayEnter() {
    return pending.isEmpty();
  }

  /// Passes a message on to those that are not members yet.
  void feed(Outbound outbound) {
    if (!catchUps.isEmpty()) {
      catchUps.values().forEach(catchUp -> catchUp.feed(outbound));
    }
  }

  void remove(Subscription subscription) {
    int hole = subscription.index;
    if (hole < 0) {
      CatchUp catchUp = removeCatchUp(subscription);
      if (catchUp != null) {
        catchUp.end();
      }
      return;
    }
    if (hole < cursor) {
      if (count != null) {
        count.lost();
      }
      cursor--;
      hole = move(cursor, hole);
    }
    size--;
    if (hole < size) { // else the last one was moved above, and has its new place
      move(size, hole);
    }
    subscription.index = -1;
    if (size == 0) {
      subscriptions = NONE;
    } else {
      subscriptions[size] = subscriptions[0]; // what has left must not stay reachable
    }
  }

  private @Nullable CatchUp removeCatchUp(Subscription subscription) {
    CatchUp removed = catchUps.isEmpty() ? null : catchUps.remove(subscription);
    if (removed != null && catchUps.isEmpty()) {
      catchUps = Map.of();
    }
    return removed;
  }

  /// Moves the subscription at `from` to `to` and returns the freed index.
  private int move(int from, int to) {
    Subscription moved = subscriptions[from];
    subscriptions[to] = moved;
    moved.index = to;
    return from;
  }

  void enqueue(Outbound outbound) {
    if (pending.isEmpty()) {
      pending = new ArrayList<>(4);
    }
    pending.add(outbound);
  }

  /// The subscriber that is served next but `others`; null if there are not so many.
  @Nullable Subscriber upcoming(int others) {
    int left = (coalesced == null ? size : cursor) - others;
    return left > 0 ? subscriptions[left - 1].subscriber : null;
  }

  /// True if a walk is unfinished or messages are pending.
  boolean hasWork() {
    return coalesced != null || !pending.isEmpty();
  }

  /// Everything up to this sequence was written to a subscription.
  long given(Subscription subscription) {
    CatchUp catchUp = catchUps.get(subscription);
    if (catchUp != null) {
      return catchUp.position();
    }
    boolean isReached = subscription.index >= cursor;
    return Math.max(subscription.joinedAt, isReached ? walkingTo : walkedTo);
  }

  /// Delivers to at most `budget` subscribers and returns their number. `turn` collects those
  /// written to for the first time, and events that were written to all subscribers.
  ///
  /// Never throws: a failed write closes the connection that it was for. If the frames themselves
  /// cannot be made, all remaining subscribers of the walk have missed them and are closed.
  int deliver(int budget, Frames.Maker maker, Turn turn) {
    try {
      if (coalesced == null && !start(maker, turn)) {
        return 0;
      }
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      failAll(e, turn);
      return budget;
    }
    Frames frames = coalesced;
    int stop = Math.max(0, cursor - budget);
    int served = cursor - stop;
    WalkCount counted = count;
    if (counted != null) {
      counted.begin();
    }
    while (cursor > stop) {
      Subscription next = subscriptions[--cursor];
      try {
        if (selective && concernsPartly(next)) {
          deliverOneByOne(next, maker, turn.unflushed, counted);
        } else if (frames != null && next.subscriber.onDeliver(frames)) {
          turn.unflushed.add(next.subscriber);
        }
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        next.subscriber.onDeliveryFailed(e);
        if (counted != null) {
          counted.lost();
        }
      }
    }
    if (counted != null) {
      counted.end();
    }
    if (cursor == 0) {
      finish(turn.written);
    }
    return served;
  }

  /// Gives up a walk that could not begin, and what waits behind it: everyone here has missed it.
  private void failAll(Throwable cause, Turn turn) {
    drop(turn);
    walking = List.of();
    cursor = size;
    while (cursor > 0) {
      subscriptions[--cursor].subscriber.onDeliveryFailed(cause);
    }
  }

  private void drop(Turn turn) {
    for (int i = 0; i < pending.size(); i++) {
      turn.take(pending.get(i));
    }
    pending = List.of();
  }

  private boolean start(Frames.Maker maker, Turn turn) {
    if (size == 0) {
      pending.forEach(outbound -> WalkCount.none(outbound, turn, catchUps.size()));
      drop(turn);
    }
    if (pending.isEmpty()) {
      return false;
    }
    walking = takePending(turn);
    oldestFact = Outbound.UNSEQUENCED;
    boolean excludes = false;
    long newest = walkedTo;
    for (Outbound outbound : walking) {
      oldestFact = Math.min(oldestFact, outbound.sequence());
      newest = outbound.isStored() ? outbound.sequence() : newest;
      excludes |= outbound.excludes();
    }
    selective = excludes || oldestFact <= newestJoin;
    coalesced = maker.coalesce(walking);
    count =
        WalkCount.isNeeded(walking) ? new WalkCount(turn, walking, size, catchUps.size()) : null;
    cursor = size;
    walkingTo = newest;
    return true;
  }

  private List<Outbound> takePending(Turn turn) {
    int bytes = 0;
    int count = 0;
    while (count < pending.size() && (count == 0 || bytes < MAX_COALESCED_BYTES)) {
      bytes += pending.get(count++).utf8().length;
    }
    for (int i = 0; i < count; i++) {
      turn.take(pending.get(i));
    }
    List<Outbound> taken = pending;
    if (count == taken.size()) {
      pending = List.of();
    } else {
      pending = new ArrayList<>(taken.subList(count, taken.size()));
      taken = taken.subList(0, count);
    }
    return taken;
  }

  private boolean concernsPartly(Subscription subscription) {
    if (subscription.joinedAt >= oldestFact) {
      return true;
    }
    for (Outbound outbound : walking) {
      if (outbound.excludes(subscription)) {
        return true;
      }
    }
    return false;
  }

  private void deliverOneByOne(
      Subscription subscription,
      Frames.Maker maker,
      List<Subscriber> unflushed,
      @Nullable WalkCount counted) {
    Subscriber subscriber = subscription.subscriber;
    if (counted != null) {
      counted.end();
    }
    try {
      // It may leave meanwhile, or fall behind.
      for (; nextSingle < walking.size() && subscription.index >= 0; nextSingle++) {
        Outbound outbound = walking.get(nextSingle);
        boolean concerns =
            outbound.sequence() > subscription.joinedAt && !outbound.excludes(subscription);
        if (concerns && subscriber.onDeliver(single(nextSingle, maker))) {
          unflushed.add(subscriber);
        }
        if (counted != null) {
          if (concerns) {
            counted.endSingle(nextSingle);
          } else {
            counted.skipped(nextSingle, outbound.excludes(subscription));
          }
        }
      }
    } finally {
      nextSingle = 0;
    }
  }

  private Frames single(int i, Frames.Maker maker) {
    if (singles == null) {
      singles = new Frames[walking.size()];
    }
    Frames frames = singles[i];
    if (frames == null) {
      frames = maker.coalesce(List.of(walking.get(i)));
      singles[i] = frames;
    }
    return frames;
  }

  private void finish(List<Outbound> written) {
    Frames all = coalesced;
    @Nullable Frames[] each = singles;
    List<Outbound> done = walking;
    WalkCount counted = count;
    // First of all the walk is over, or a failure below would repeat it.
    coalesced = null;
    count = null;
    singles = null;
    walking = List.of();
    walkedTo = walkingTo;
    walkedId = Outbound.lastStored(done, walkedId);
    for (int i = 0; i < done.size(); i++) {
      if (done.get(i).isEvent()) {
        written.add(done.get(i));
      }
    }
    if (counted != null) {
      counted.report();
    }
    Frames.releaseAll(all);
    if (each != null) {
      Frames.releaseAll(each);
    }
  }
}
