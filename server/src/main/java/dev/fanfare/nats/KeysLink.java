package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One connection on which the bucket of idempotency keys exists. A message is stored only if the
/// last one of its key is still the one that it names, so changes are atomic. It begins with the
/// time at which the value ends, because JetStream has one lifetime for all. Any thread.
final class KeysLink implements NatsSession.Link {

  /// Longer than any value is kept.
  private static final Duration AGE = Duration.ofMinutes(6);

  private static final byte[] NOTHING = {};

  private final Connection connection;
  private final StreamNames names;
  private final StreamSetup setup;
  private final JetStreamCalls calls;
  private final long createdMs;
  private final long aheadMs;

  /// Creates the bucket if it does not exist yet. Blocks for some seconds at most.
  KeysLink(Connection connection, EngineUrl url, StreamNames names)
      throws IOException, InterruptedException {
    this.connection = connection;
    this.names = names;
    this.calls = new JetStreamCalls(connection);
    this.setup = StreamSetup.of(connection);
    try {
      StreamConfiguration wanted =
          StreamSetup.bucket(stream(), "$KV." + names.keys() + ".>")
              .description("Idempotency keys of Fanfare's publishers")
              .maxAge(AGE)
              .discardPolicy(DiscardPolicy.Old)
              .build();
      this.createdMs = StreamSetup.createdMs(setup.stream(wanted));
      this.aheadMs = setup.aheadMs(stream(), "$KV." + names.keys() + ".clock");
    } catch (JetStreamApiException e) {
      throw StreamSetup.failure(url, e);
    }
  }

  private String stream() {
    return "KV_" + names.keys();
  }

  private long nowMs() {
    return System.currentTimeMillis() + aheadMs;
  }

  /// What a key has.
  ///
  /// @param sequence of its last message; 0 if there is none
  /// @param value null if there is none, or none any more
  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Known(long sequence, byte @Nullable [] value) {

    private static final Known NONE = new Known(0, null);

    static Known of(@Nullable MessageInfo message, long nowMs) {
      if (message == null) {
        return NONE;
      }
      byte[] bytes = Objects.requireNonNullElse(message.getData(), NOTHING);
      boolean isOver = bytes.length <= Long.BYTES || ByteBuffer.wrap(bytes).getLong() <= nowMs;
      return new Known(
          message.getSeq(), isOver ? null : Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
    }
  }

  private CompletionStage<Known> read(String subject) {
    return calls.last(stream(), subject).thenApply(message -> Known.of(message, nowMs()));
  }

  /// Stores a value if the last message is still the one with this sequence.
  ///
  /// @param value empty for none: the clocks of two nodes do not agree to the millisecond
  /// @return false if it is another one
  private CompletionStage<Boolean> store(String subject, byte[] value, long ttlMs, long after) {
    byte[] message =
        ByteBuffer.allocate(Long.BYTES + value.length).putLong(nowMs() + ttlMs).put(value).array();
    return calls
        .publish(subject, message, after, null)
        .thenApply(_ -> true)
        .exceptionallyCompose(failure -> {
          Throwable cause = JetStreamCalls.cause(failure);
          return cause instanceof JetStreamCalls.Conflict
              ? CompletableFuture.completedStage(false)
              : CompletableFuture.failedStage(cause);
        });
  }

  /// As [dev.fanfare.bus.RequestKeys#claim]. One round trip for a key that was never used.
  CompletionStage<byte @Nullable []> claim(String appId, String key, byte[] value, long ttlMs) {
    String subject = names.key(appId, key);
    return store(subject, value, ttlMs, 0)
        .thenCompose(isStored ->
            isStored ? CompletableFuture.completedStage(null) : again(subject, value, ttlMs));
  }

  private CompletionStage<byte @Nullable []> again(String subject, byte[] value, long ttlMs) {
    return read(subject)
        .thenCompose(known ->
            known.value != null
                ? CompletableFuture.<byte @Nullable []>completedStage(known.value)
                : store(subject, value, ttlMs, known.sequence)
                    .thenCompose(isStored ->
                        isStored // else another node was faster
                            ? CompletableFuture.<byte @Nullable []>completedStage(null)
                            : again(subject, value, ttlMs)));
  }

  /// As [dev.fanfare.bus.RequestKeys#settle].
  CompletionStage<Boolean> settle(
      String appId, String key, byte[] claimed, byte[] value, long ttlMs) {
    String subject = names.key(appId, key);
    return read(subject)
        .thenCompose(known ->
            known.value == null || Arrays.equals(known.value, claimed)
                ? store(subject, value, ttlMs, known.sequence)
                : CompletableFuture.completedStage(false));
  }

  /// As [dev.fanfare.bus.RequestKeys#abandon].
  CompletionStage<Boolean> abandon(String appId, String key, byte[] claimed) {
    String subject = names.key(appId, key);
    return read(subject)
        .thenCompose(known ->
            Arrays.equals(known.value, claimed)
                ? store(subject, NOTHING, 0, known.sequence)
                : CompletableFuture.completedStage(false));
  }

  @Override
  public boolean isIntact() {
    try {
      return StreamSetup.createdMs(setup.management().getStreamInfo(stream())) == createdMs;
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
