package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.StreamsUnavailable;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// One connection on which stream and bucket exist. Any thread.
final class JetStreamLink implements AutoCloseable {

  private static final int NOT_FOUND = 10_059;
  private static final int NOT_ENABLED = 10_076;
  private static final int NOT_ENABLED_FOR_ACCOUNT = 10_039;

  /// For how long a message id is remembered; the port promises it.
  private static final Duration DUPLICATES = Duration.ofMinutes(5);

  /// What is kept at first. It grows with what is asked for, and never shrinks.
  private static final Duration FIRST_AGE = Duration.ofHours(1);

  private final Connection connection;
  private final StreamNames names;
  private final JetStreamManagement management;
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
    JetStreamOptions options =
        JetStreamOptions.builder().requestTimeout(NatsSettings.TIMEOUT).build();
    this.management = connection.jetStreamManagement(options);
    try {
      StreamInfo events = stream(events(), eventsAgeMs);
      var _ = stream(values(), valuesAgeMs);
      this.origin = new EventId(events.getCreateTime().toInstant().toEpochMilli(), 0);
      this.aheadMs = aheadMs();
    } catch (JetStreamApiException e) {
      int code = e.getApiErrorCode();
      boolean isMissing = code == NOT_ENABLED || code == NOT_ENABLED_FOR_ACCOUNT;
      throw isMissing
          ? new MissingJetStream(url, e)
          : new IOException("JetStream says: " + e.getErrorDescription(), e);
    }
    JetStreamCalls calls = new JetStreamCalls(connection);
    this.appends = new EventAppends(calls, names, this::idMs, executor);
    this.reads = new EventReads(calls, names, executor);
    this.positions = new Positions(calls, names, this::nowMs, this::keepValues, executor);
  }

  private StreamConfiguration events() {
    return base(names.events(), names.allEvents())
        .description("Events of Fanfare's channels")
        .discardPolicy(DiscardPolicy.Old)
        .build();
  }

  private StreamConfiguration values() {
    return base(names.values(), names.allValues())
        .description("Positions of Fanfare's clients")
        .maxMessagesPerSubject(1)
        .discardPolicy(DiscardPolicy.New)
        .allowRollup(true)
        .denyDelete(true)
        .build();
  }

  private static StreamConfiguration.Builder base(String name, String subjects) {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subjects)
        .storageType(StorageType.File)
        .duplicateWindow(DUPLICATES)
        .maxAge(FIRST_AGE)
        .allowDirect(true);
  }

  /// The stream, which is created unless an operator or another node has.
  private StreamInfo stream(StreamConfiguration wanted, AtomicLong ageMs)
      throws IOException, JetStreamApiException {
    StreamInfo info;
    try {
      info = management.getStreamInfo(wanted.getName());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_FOUND) {
        throw e;
      }
      info = management.addStream(wanted);
    }
    ageMs.set(age(info));
    return info;
  }

  private static long age(StreamInfo info) {
    Duration age = info.getConfiguration().getMaxAge();
    return age == null || age.isZero() ? Long.MAX_VALUE : age.toMillis();
  }

  /// How far the engine's clock is ahead of that of this node.
  private long aheadMs() throws IOException, JetStreamApiException, InterruptedException {
    long beforeMs = System.currentTimeMillis();
    Message answer =
        connection.request(
            "$KV." + names.bucket() + ".clock",
            "now".getBytes(StandardCharsets.UTF_8),
            NatsSettings.TIMEOUT);
    long afterMs = System.currentTimeMillis();
    if (answer == null) {
      throw new IOException(
          "JetStream did not answer within " + NatsSettings.TIMEOUT.toSeconds() + " s");
    }
    MessageInfo stored = management.getMessage(names.values(), new PublishAck(answer).getSeqno());
    ZonedDateTime time = stored.getTime();
    return time == null ? 0 : time.toInstant().toEpochMilli() - (beforeMs + afterMs) / 2;
  }

  private long nowMs() {
    return System.currentTimeMillis() + aheadMs;
  }

  private long idMs() {
    return Math.max(nowMs(), origin.ms());
  }

  /// True if it has kept everything since this connection was made. Blocks for some seconds at
  /// most.
  boolean isIntact() {
    try {
      StreamInfo events = management.getStreamInfo(names.events());
      boolean _ = management.getStreamInfo(names.values()).hasError();
      return events.getCreateTime().toInstant().toEpochMilli() == origin.ms();
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
      StreamInfo info = management.getStreamInfo(stream); // another node may have changed it
      if (age(info) < ms) {
        StreamConfiguration longer =
            StreamConfiguration.builder(info.getConfiguration())
                .maxAge(Duration.ofMillis(ms))
                .build();
        info = management.updateStream(longer);
      }
      ageMs.set(age(info));
      return true;
    } catch (IOException | JetStreamApiException e) {
      throw new StreamsUnavailable(
          "cannot set for how long stream " + stream + " keeps messages: " + e.getMessage());
    } finally {
      growing.unlock();
    }
  }

  /// Closes it, without waiting for long. Never throws.
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
