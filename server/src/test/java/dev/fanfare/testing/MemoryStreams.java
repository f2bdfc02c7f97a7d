package dev.fanfare.testing;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsUnavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one node uses of an engine in memory. Every call is done, and its stage completed, before
/// it returns; unless the engine was stopped or is silent.
public final class MemoryStreams implements Streams {

  private static final long REPEAT_MS = 300_000;

  private record Waiting(EventId confirmed, long untilMs) {}

  private record Held(String owner, Position position, long untilMs) {}

  private record Repeat(Appended first, long untilMs) {}

  private static final class Stream {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Repeat> repeats = new HashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    private final Map<String, Cursor> cursors = new TreeMap<>();
    private Value value = new Value("0", new byte[0]);
    private long valueUntilMs;
    private EventId last = EventId.NONE;
    private EventId previous = EventId.NONE;
  }

  /// The data that all nodes share. Any thread.
  public static final class Engine {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ChannelKey, Stream> streams = new HashMap<>();
    private final List<MemoryStreams> nodes = new ArrayList<>();
    private long nowMs = 1_764_270_000_000L;
    private EventId origin = new EventId(nowMs, 0);
    private boolean isStopped;
    private boolean isSilent;
    private final List<Runnable> unanswered = new ArrayList<>();
    private long calls;

    private <T> T locked(Supplier<T> read) {
      lock.lock();
      try {
        return read.get();
      } finally {
        lock.unlock();
      }
    }

    /// Calls that were done.
    public long calls() {
      return locked(() -> calls);
    }

    /// Calls that are held.
    public int held() {
      return locked(() -> unanswered.size());
    }

    /// No call is done or answered from now on.
    public void hold() {
      lock.lock();
      try {
        isSilent = true;
      } finally {
        lock.unlock();
      }
    }

    /// Calls are done again, first those that were held.
    public void release() {
      List<Runnable> held;
      lock.lock();
      try {
        isSilent = false;
        held = List.copyOf(unanswered);
        unanswered.clear();
      } finally {
        lock.unlock();
      }
      held.forEach(Runnable::run);
    }

    /// What a node uses.
    public MemoryStreams node() {
      lock.lock();
      try {
        MemoryStreams node = new MemoryStreams(this);
        nodes.add(node);
        return node;
      } finally {
        lock.unlock();
      }
    }

    /// The clock of the engine.
    public long nowMs() {
      return locked(() -> nowMs);
    }

    /// Time passes.
    public void pass(long ms) {
      lock.lock();
      try {
        nowMs += ms;
      } finally {
        lock.unlock();
      }
    }

    /// Every call fails from now on.
    public void stop() {
      List<MemoryStreams> notified = set(true, false);
      notified.forEach(node -> node.listener().onUnavailable("the engine was stopped"));
    }

    /// It is back.
    ///
    /// @param isEmpty with nothing of what it had
    public void start(boolean isEmpty) {
      List<MemoryStreams> notified = set(false, isEmpty);
      notified.forEach(node -> node.listener().onAvailable());
    }

    private List<MemoryStreams> set(boolean stopped, boolean isEmpty) {
      lock.lock();
      try {
        isStopped = stopped;
        if (isEmpty) {
          streams.clear();
          origin = new EventId(nowMs, 0);
        }
        return nodes.stream().filter(node -> node.listener != null).toList();
      } finally {
        lock.unlock();
      }
    }
  }

  private final Engine engine;
  private @Nullable Listener listener;

  private MemoryStreams(Engine engine) {
    this.engine = engine;
  }

  private Listener listener() {
    return Objects.requireNonNull(listener);
  }

  private <T extends @Nullable Object> CompletionStage<T> call(Supplier<T> operation) {
    engine.lock.lock();
    try {
      if (engine.isSilent) {
        CompletableFuture<T> later = new CompletableFuture<>();
        engine.unanswered.add(() ->
            call(operation)
                .whenComplete((value, failure) -> {
                  if (failure == null) {
                    later.complete(value);
                  } else {
                    later.completeExceptionally(failure);
                  }
                }));
        return later;
      }
      engine.calls += engine.isStopped ? 0 : 1;
      return engine.isStopped
          ? CompletableFuture.failedStage(new StreamsUnavailable("the engine was stopped"))
          : CompletableFuture.completedStage(operation.get());
    } finally {
      engine.lock.unlock();
    }
  }

  private Stream stream(ChannelKey key) {
    return engine.streams.computeIfAbsent(key, _ -> new Stream());
  }

  @Override
  public CompletionStage<Appended> append(
      ChannelKey key, byte[] payload, Limits limits, @Nullable String idempotencyKey) {
    return call(() -> {
      Stream stream = stream(key);
      Repeat known = idempotencyKey == null ? null : stream.repeats.get(idempotencyKey);
      if (known != null && known.untilMs > engine.nowMs) {
        return new Appended(known.first.id(), known.first.previous(), true);
      }
      EventId id = stream.last.next(engine.nowMs);
      Appended appended = new Appended(id, stream.previous, false);
      stream.entries.add(new Entry(id, stream.previous, payload));
      stream.last = id;
      stream.previous = id;
      while (stream.entries.size() > limits.events()
          || engine.nowMs - stream.entries.getFirst().id().ms() >= limits.keepMs()) {
        stream.entries.removeFirst();
      }
      if (idempotencyKey != null) {
        stream.repeats.put(idempotencyKey, new Repeat(appended, engine.nowMs + REPEAT_MS));
      }
      return appended;
    });
  }

  @Override
  public CompletionStage<List<Entry>> range(
      ChannelKey key, EventId after, EventId through, int most, boolean isForwards) {
    return call(() -> {
      List<Entry> entries = stream(key).entries;
      return (isForwards ? entries : entries.reversed())
          .stream()
              .filter(
                  entry -> entry.id().compareTo(after) > 0 && entry.id().compareTo(through) <= 0)
              .limit(most)
              .toList();
    });
  }

  @Override
  public CompletionStage<Long> purge(ChannelKey key) {
    return call(() -> {
      Stream stream = stream(key);
      long count = stream.entries.size();
      stream.entries.clear();
      stream.previous = EventId.NONE;
      return count;
    });
  }

  @Override
  public CompletionStage<EventId> origin() {
    return call(() -> engine.origin);
  }

  @Override
  public CompletionStage<Void> hold(
      ChannelKey key, String identity, String owner, Position position, long ttlMs) {
    return call(() -> {
      Map<String, Held> held = stream(key).held;
      Held known = fresh(held, identity);
      if (known == null || known.owner.equals(owner)) {
        held.put(identity, new Held(owner, position, engine.nowMs + ttlMs));
      }
      return null;
    });
  }

  private @Nullable Held fresh(Map<String, Held> held, String identity) {
    Held known = held.get(identity);
    return known == null || known.untilMs <= engine.nowMs ? null : known;
  }

  @Override
  public CompletionStage<@Nullable Position> claim(
      ChannelKey key, String identity, String owner, long ttlMs) {
    return call(() -> {
      Map<String, Held> held = stream(key).held;
      Held known = fresh(held, identity);
      if (known == null) {
        return null;
      }
      held.put(identity, new Held(owner, known.position, engine.nowMs + ttlMs));
      return known.position;
    });
  }

  @Override
  public CompletionStage<Void> leave(
      ChannelKey key, String identity, EventId confirmed, long ttlMs) {
    return call(() -> {
      List<Waiting> waiting = waiting(key, identity);
      waiting.add(new Waiting(confirmed, engine.nowMs + ttlMs));
      waiting.sort(Comparator.comparing(Waiting::untilMs));
      if (waiting.size() > MAX_WAITING) {
        Waiting one = waiting.removeFirst();
        Waiting other = waiting.removeFirst();
        EventId older =
            one.confirmed.compareTo(other.confirmed) < 0 ? one.confirmed : other.confirmed;
        waiting.addFirst(new Waiting(older, other.untilMs));
      }
      return null;
    });
  }

  private List<Waiting> waiting(ChannelKey key, String identity) {
    List<Waiting> waiting = stream(key).waiting.computeIfAbsent(identity, _ -> new ArrayList<>());
    waiting.removeIf(each -> each.untilMs <= engine.nowMs);
    return waiting;
  }

  @Override
  public CompletionStage<@Nullable EventId> oldest(ChannelKey key, String identity) {
    return call(() ->
        waiting(key, identity).stream()
            .map(Waiting::confirmed)
            .min(EventId::compareTo)
            .orElse(null));
  }

  @Override
  public CompletionStage<Void> seen(ChannelKey key, Map<String, EventId> confirmed, long ttlMs) {
    return call(() -> {
      Map<String, Cursor> cursors = stream(key).cursors;
      confirmed.forEach((reader, id) -> seen(cursors, reader, id));
      return null;
    });
  }

  private void seen(Map<String, Cursor> cursors, String reader, EventId confirmed) {
    Cursor known = cursors.get(reader);
    EventId newest =
        known != null && known.confirmed().compareTo(confirmed) > 0 ? known.confirmed() : confirmed;
    cursors.put(reader, new Cursor(newest, engine.nowMs));
    if (cursors.size() > MAX_READERS) {
      String oldest =
          cursors.entrySet().stream()
              .min(Comparator.comparing(entry -> entry.getValue().seenMs()))
              .orElseThrow()
              .getKey();
      cursors.remove(oldest);
    }
  }

  @Override
  public CompletionStage<Void> forgetReaders(ChannelKey key) {
    return call(() -> {
      stream(key).cursors.clear();
      return null;
    });
  }

  @Override
  public CompletionStage<Map<String, Cursor>> cursors(ChannelKey key) {
    return call(() -> Map.copyOf(stream(key).cursors));
  }

  private Value value(Stream stream) {
    return stream.valueUntilMs > engine.nowMs ? stream.value : new Value("0", new byte[0]);
  }

  @Override
  public CompletionStage<Value> value(ChannelKey key) {
    return call(() -> value(stream(key)));
  }

  @Override
  public CompletionStage<@Nullable String> replace(
      ChannelKey key, String version, byte[] bytes, long ttlMs) {
    return call(() -> {
      Stream stream = stream(key);
      if (!value(stream).version().equals(version)) {
        return null;
      }
      stream.value = new Value(Long.toString(engine.calls), bytes);
      stream.valueUntilMs = engine.nowMs + ttlMs;
      return stream.value.version();
    });
  }

  @Override
  public void open(Listener added) {
    engine.lock.lock();
    try {
      listener = added;
    } finally {
      engine.lock.unlock();
    }
    added.onAvailable();
  }

  @Override
  public void close() {
    engine.lock.lock();
    try {
      engine.nodes.remove(this);
    } finally {
      engine.lock.unlock();
    }
  }
}
