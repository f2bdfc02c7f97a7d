package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.StreamsUnavailable;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// One connection on which stream and bucket exist. Any thread.
final class JetStreamLink implements NatsSession.Link {

  /// For how long a message id is remembered; the port promises it.
  private static final Duration DUPLICATES = Duration.ofMinutes(5);

  /// What is kept at first. It grows with what is asked for, and never shrinks.
  private static final Duration FIRST_AGE = Duration.ofHours(1);

  private final Connection connection;
  private final StreamNames names;
  private final StreamSetup setup;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock growing = new ReentrantLock();
  private final AtomicLong eventsAgeMs = new AtomicLong();
  private final AtomicLong valuesAgeMs = new AtomicLong();
  private final EventId origin;
  private final long aheadMs;
  private final EventAppends appends;
  private final EventReads reads;
  private final Positions positions;

  /// Creates what does not exist yet. Blocks for some seconds at most.
  JetStreamLink(Connection connection, EngineUrl url, StreamNames names)
      throws IOException, InterruptedException {
    this.connection = connection;
    this.names = names;
    this.setup = StreamSetup.of(connection);
    try {
      StreamInfo events = setup.stream(events());
      StreamInfo values = setup.stream(values());
      eventsAgeMs.set(StreamSetup.age(events));
      valuesAgeMs.set(StreamSetup.age(values));
      this.origin = new EventId(StreamSetup.createdMs(events), 0);
      this.aheadMs = setup.aheadMs(names.values(), "$KV." + names.bucket() + ".clock");
    } catch (JetStreamApiException e) {
      throw StreamSetup.failure(url, e);
    }
    JetStreamCalls calls = new JetStreamCalls(connection);
    this.appends = new EventAppends(calls, names, this::idMs, executor);
    this.reads = new EventReads(calls, names, executor);
    this.positions = new Positions(calls, names, this::nowMs, this::keepValues, executor);
  }

  private StreamConfiguration events() {
    return StreamSetup.base(names.events(), names.allEvents())
        .description("Events of Fanfare's channels")
        .duplicateWindow(DUPLICATES)
        .maxAge(FIRST_AGE)
        .discardPolicy(DiscardPolicy.Old)
        .build();
  }

  private StreamConfiguration values() {
    return StreamSetup.bucket(names.values(), names.allValues())
        .description("Positions of Fanfare's clients")
        .duplicateWindow(DUPLICATES)
        .maxAge(FIRST_AGE)
        .discardPolicy(DiscardPolicy.New)
        .build();
  }

  private long nowMs() {
    return System.currentTimeMillis() + aheadMs;
  }

  private long idMs() {
    return Math.max(nowMs(), origin.ms());
  }

  /// True if it has kept everything since this connection was made.
  @Override
  public boolean isIntact() {
    try {
      StreamInfo events = setup.management().getStreamInfo(names.events());
      boolean _ = setup.management().getStreamInfo(names.values()).hasError();
      return StreamSetup.createdMs(events) == origin.ms();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return false;
    }
  }

  EventId origin() {
    return origin;
  }

  EventAppends appends() {
    return appends;
  }

  EventReads reads() {
    return reads;
  }

  Positions positions() {
    return positions;
  }

  /// Events are kept for that long at least.
  CompletionStage<Boolean> keepEvents(long ms) {
    return keep(names.events(), ms, eventsAgeMs);
  }

  private CompletionStage<Boolean> keepValues(long ms) {
    return keep(names.values(), ms, valuesAgeMs);
  }

  private CompletionStage<Boolean> keep(String stream, long ms, AtomicLong ageMs) {
    return ms <= ageMs.get()
        ? CompletableFuture.completedStage(true)
        : CompletableFuture.supplyAsync(() -> grow(stream, ms, ageMs), executor);
  }

  private boolean grow(String stream, long ms, AtomicLong ageMs) {
    growing.lock();
    try {
      StreamInfo info =
          setup.management().getStreamInfo(stream); // another node may have changed it
      if (StreamSetup.age(info) < ms) {
        StreamConfiguration longer =
            StreamConfiguration.builder(info.getConfiguration())
                .maxAge(Duration.ofMillis(ms))
                .build();
        info = setup.management().updateStream(longer);
      }
      ageMs.set(StreamSetup.age(info));
      return true;
    } catch (IOException | JetStreamApiException e) {
      throw new StreamsUnavailable(
          "cannot set for how long stream " + stream + " keeps messages: " + e.getMessage());
    } finally {
      growing.unlock();
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdown();
  }
}
