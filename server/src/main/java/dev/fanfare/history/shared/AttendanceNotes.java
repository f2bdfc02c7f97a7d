package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.MemoryStore;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The joins and leaves of this node until the engine has them. Lanes only leave a note here; every
/// [Confirmations#PAUSE_MS], what has come together is written: of each channel one call after the
/// other, [Confirmations#AT_ONCE] calls at a time. After a failure, or if too much waits, the notes
/// of a channel are dropped, and who is there by then is written instead. Any thread; the lock is
/// never held while the engine or a channel is called.
final class AttendanceNotes {

  /// Joins and leaves, and channels without users on this node, that may wait.
  static final int MAX = 20_000;

  /// What a note takes on the heap, with its places in maps; a channel takes as much.
  static final int NOTE_BYTES = 400;

  /// Joins and leaves of one call.
  static final int MAX_STEPS = 500;

  /// Who is there is written again after so long, in case the engine has it wrong.
  static final long REFRESH_MS = 3_600_000;

  private final MemoryStore memory;
  private final Confirmations.Timer timer;
  private final Executor threads;
  private final LongSupplier clockMs;
  private final Attended.Outside outside;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<ChannelKey, Attended> channels = new TreeMap<>();

  /// Those that have notes to write, the next first.
  private final SequencedMap<ChannelKey, Attended> queue = new LinkedHashMap<>();

  /// Those whose last call has failed, for [Confirmations#RETRY_MS].
  private final SequencedMap<ChannelKey, Attended> resting = new LinkedHashMap<>();

  private int steps;
  private int vacant;
  private long dropped;
  private int underWay;
  private boolean isScheduled;
  private @Nullable CompletableFuture<Void> idle;

  /// @param memory in which the notes are
  /// @param threads may take the entry of a channel
  AttendanceNotes(
      MemoryStore memory,
      Confirmations.Timer timer,
      Executor threads,
      LongSupplier clockMs,
      Attended.Outside outside) {
    this.memory = memory;
    this.timer = timer;
    this.threads = threads;
    this.clockMs = clockMs;
    this.outside = outside;
  }

  /// The first connection of a user to this node has joined, or the last one has left. The
  /// channel's entry is held.
  void add(AttendanceLog.Place place, Attendance.Step step) {
    locked(() -> {
      Attended channel = channel(place);
      settle(channel, Math.max(0, channel.users + (step.cause() == null ? 1 : -1)));
      hold(channel.add(step));
      enqueue(channel);
      while (steps + vacant > MAX && shrink(channel)) {
        // the next one
      }
    });
  }

  /// A change of what waits.
  private void locked(Runnable change) {
    boolean mustSchedule;
    lock.lock();
    try {
      change.run();
      mustSchedule = !isScheduled && !queue.isEmpty();
      isScheduled |= mustSchedule;
    } finally {
      lock.unlock();
    }
    if (mustSchedule) {
      timer.after(Confirmations.PAUSE_MS, () -> threads.execute(this::write));
    }
  }

  private Attended channel(AttendanceLog.Place place) {
    Attended known = channels.get(place.key());
    if (known != null) {
      known.place = place; // its rule may have changed
      return known;
    }
    Attended channel = new Attended(place, clockMs.getAsLong());
    channels.put(place.key(), channel);
    vacant++;
    memory.hold(NOTE_BYTES);
    return channel;
  }

  private void settle(Attended channel, int users) {
    vacant += (users == 0 ? 1 : 0) - (channel.users == 0 ? 1 : 0);
    channel.users = users;
  }

  private void hold(int more) {
    steps += more;
    if (more > 0) {
      memory.hold((long) more * NOTE_BYTES);
    } else {
      memory.release((long) -more * NOTE_BYTES);
    }
  }

  private void enqueue(Attended channel) {
    if (!channel.isWriting && !channel.isResting && channel.hasNotes()) {
      queue.putIfAbsent(channel.place.key(), channel);
    }
  }

  /// Gives up the notes of the channel that waits longest and has any; if none has, the channel
  /// without users that waits longest. False if there is none.
  private boolean shrink(Attended latest) {
    Stream<Attended> all = Stream.concat(queue.values().stream(), Stream.of(latest));
    Attended full = all.filter(each -> each.steps() > 0).findFirst().orElse(null);
    if (full != null) {
      hold(-full.drop());
      return true;
    }
    all = Stream.concat(resting.values().stream(), queue.values().stream());
    Attended vacated = all.filter(each -> each.users == 0).findFirst().orElse(null);
    remove(vacated);
    dropped += vacated == null ? 0 : 1;
    return vacated != null;
  }

  private boolean isKnown(Attended channel) {
    return channel.equals(channels.get(channel.place.key()));
  }

  private void remove(@Nullable Attended channel) {
    if (channel != null && channels.remove(channel.place.key(), channel)) {
      queue.remove(channel.place.key());
      resting.remove(channel.place.key());
      hold(-channel.drop());
      vacant -= channel.users == 0 ? 1 : 0;
      memory.release(NOTE_BYTES);
    }
  }

  /// A channel keeps no joins and leaves any more.
  void forget(ChannelKey key) {
    locked(() -> remove(channels.get(key)));
  }

  /// There may be a lost node in a channel, with users on this node or without.
  void look(AttendanceLog.Place place) {
    locked(() -> {
      Attended channel = channel(place);
      channel.mustLook = true;
      enqueue(channel);
    });
  }

  /// What the engine has of this node may be wrong.
  void doubtAll() {
    locked(() -> {
      for (Attended channel : channels.values()) {
        channel.isInDoubt = true;
        enqueue(channel);
      }
    });
  }

  /// Writes again what was written long ago, and looks where a node may be lost.
  ///
  /// @param isLess a node is not alive any more
  void tick(boolean isLess) {
    long nowMs = clockMs.getAsLong();
    locked(() -> {
      for (Attended channel : channels.values()) {
        boolean isDue = channel.isAwaiting && nowMs - channel.awaitingMs >= LostNodes.GRACE_MS;
        if (isLess || isDue) {
          channel.isAwaiting = false;
          channel.mustLook = true;
        }
        if (nowMs - channel.atMs >= REFRESH_MS) {
          channel.atMs = nowMs;
          channel.isInDoubt = true;
        }
        enqueue(channel);
      }
    });
  }

  private void write() {
    lock.lock();
    try {
      isScheduled = false;
    } finally {
      lock.unlock();
    }
    send();
  }

  /// Writes everything. Completes when that was done, or has failed.
  CompletionStage<Void> flush() {
    CompletableFuture<Void> over;
    lock.lock();
    try {
      over = idle == null ? new CompletableFuture<>() : idle;
      idle = over;
    } finally {
      lock.unlock();
    }
    threads.execute(this::write);
    return over;
  }

  /// Starts as many calls as there is room for.
  private void send() {
    Attended next = next();
    while (next != null) {
      Attended channel = next;
      if (mustAsk(channel)) {
        Attended.@Nullable Batch[] taken = new Attended.Batch[1];
        outside.ask(channel.place, users -> taken[0] = take(channel, users));
        write(taken[0]);
      } else {
        write(take(channel));
      }
      next = next();
    }
  }

  private void write(Attended.@Nullable Batch batch) {
    if (batch != null) {
      var _ =
          outside
              .write(batch)
              .whenCompleteAsync((isAwaiting, failure) -> end(batch, isAwaiting, failure), threads);
    }
  }

  private @Nullable Attended next() {
    CompletableFuture<Void> over = null;
    lock.lock();
    try {
      Map.Entry<ChannelKey, Attended> first =
          underWay < Confirmations.AT_ONCE ? queue.pollFirstEntry() : null;
      if (first != null) {
        first.getValue().isWriting = true;
        underWay++;
        return first.getValue();
      }
      if (underWay == 0) {
        over = idle;
        idle = null;
      }
    } finally {
      lock.unlock();
    }
    if (over != null) {
      var _ = over.complete(null);
    }
    return null;
  }

  private boolean mustAsk(Attended channel) {
    lock.lock();
    try {
      return channel.isInDoubt && channel.steps() <= MAX_STEPS;
    } finally {
      lock.unlock();
    }
  }

  /// The entry of the channel is held. Null if there is nothing to write.
  ///
  /// @param users null if the channel keeps no joins and leaves any more
  private Attended.@Nullable Batch take(Attended channel, @Nullable Collection<String> users) {
    lock.lock();
    try {
      if (users == null) {
        remove(channel);
      }
      if (users == null || !isKnown(channel)) {
        return leaveOut(channel);
      }
      settle(channel, users.size());
      channel.atMs = clockMs.getAsLong();
      return channel.take(users);
    } finally {
      lock.unlock();
    }
  }

  private Attended.@Nullable Batch take(Attended channel) {
    lock.lock();
    try {
      return isKnown(channel) ? channel.take() : leaveOut(channel);
    } finally {
      lock.unlock();
    }
  }

  private Attended.@Nullable Batch leaveOut(Attended channel) {
    underWay--;
    channel.isWriting = false;
    return null;
  }

  private void end(
      Attended.Batch batch, @Nullable Boolean isAwaiting, @Nullable Throwable failure) {
    boolean mustWake;
    lock.lock();
    try {
      underWay--;
      hold(-batch.steps().size());
      boolean wasResting = !resting.isEmpty();
      finish(batch.channel(), Boolean.TRUE.equals(isAwaiting), failure != null);
      mustWake = !wasResting && !resting.isEmpty();
    } finally {
      lock.unlock();
    }
    if (mustWake) {
      timer.after(Confirmations.RETRY_MS, this::wake);
    }
    send();
  }

  private void wake() {
    locked(() -> {
      for (Attended channel : resting.values()) {
        channel.isResting = false;
        enqueue(channel);
      }
      resting.clear();
    });
  }

  private void finish(Attended channel, boolean isAwaiting, boolean hasFailed) {
    channel.isWriting = false;
    if (isAwaiting && !channel.isAwaiting) {
      channel.awaitingMs = clockMs.getAsLong();
    }
    channel.isAwaiting = isAwaiting;
    if (!isKnown(channel)) {
      return;
    }
    if (hasFailed) {
      hold(-channel.drop());
      channel.isResting = true;
      resting.put(channel.place.key(), channel);
    }
    enqueue(channel);
    if (channel.users == 0 && !isAwaiting && !channel.hasNotes()) {
      remove(channel);
    }
  }

  /// Joins and leaves that wait until the engine has them, and channels that wait.
  int waiting() {
    lock.lock();
    try {
      return steps + queue.size() + resting.size();
    } finally {
      lock.unlock();
    }
  }

  /// Channels given up because too much waited.
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
