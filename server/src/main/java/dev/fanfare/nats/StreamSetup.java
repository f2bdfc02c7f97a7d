package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Creates what a connection needs in JetStream. Blocks for some seconds at most.
record StreamSetup(Connection connection, JetStreamManagement management) {

  private static final int NOT_FOUND = 10_059;
  private static final int NOT_ENABLED = 10_076;
  private static final int NOT_ENABLED_FOR_ACCOUNT = 10_039;

  static StreamSetup of(Connection connection) throws IOException {
    JetStreamOptions options =
        JetStreamOptions.builder().requestTimeout(NatsSettings.TIMEOUT).build();
    return new StreamSetup(connection, connection.jetStreamManagement(options));
  }

  /// What all streams have in common.
  static StreamConfiguration.Builder base(String name, String subjects) {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subjects)
        .storageType(StorageType.File)
        .allowDirect(true);
  }

  /// What key-value buckets have in common, so that the tools of NATS read them.
  static StreamConfiguration.Builder bucket(String name, String subjects) {
    return base(name, subjects).maxMessagesPerSubject(1).allowRollup(true).denyDelete(true);
  }

  /// The stream, which is created unless an operator or another node has.
  StreamInfo stream(StreamConfiguration wanted) throws IOException, JetStreamApiException {
    try {
      return management.getStreamInfo(wanted.getName());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NOT_FOUND) {
        throw e;
      }
      return management.addStream(wanted);
    }
  }

  /// For how long a stream keeps messages, in milliseconds.
  static long age(StreamInfo info) {
    Duration age = info.getConfiguration().getMaxAge();
    return age == null || age.isZero() ? Long.MAX_VALUE : age.toMillis();
  }

  /// When a stream was created, in milliseconds since the epoch.
  static long createdMs(StreamInfo info) {
    return info.getCreateTime().toInstant().toEpochMilli();
  }

  /// How far the engine's clock is ahead of that of this node.
  ///
  /// @param subject of the stream, for no other purpose
  long aheadMs(String stream, String subject)
      throws IOException, JetStreamApiException, InterruptedException {
    long beforeMs = System.currentTimeMillis();
    Message answer =
        connection.request(subject, "now".getBytes(StandardCharsets.UTF_8), NatsSettings.TIMEOUT);
    if (answer == null) {
      throw new IOException(
          "JetStream did not answer within " + NatsSettings.TIMEOUT.toSeconds() + " s");
    }
    var _ = new PublishAck(answer); // it was stored
    MessageInfo stored = last(stream, subject);
    long afterMs = System.currentTimeMillis();
    ZonedDateTime time = stored == null ? null : stored.getTime();
    return time == null ? 0 : time.toInstant().toEpochMilli() - (beforeMs + afterMs) / 2;
  }

  /// The last message of a subject, which may be that of another node. Null if there is none.
  private @Nullable MessageInfo last(String stream, String subject)
      throws IOException, InterruptedException {
    try {
      return new JetStreamCalls(connection)
          .last(stream, subject)
          .toCompletableFuture()
          .get(NatsSettings.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(String.valueOf(JetStreamCalls.cause(e).getMessage()), e);
    }
  }

  /// What a refusal means.
  static IOException failure(EngineUrl url, JetStreamApiException refusal) {
    int code = refusal.getApiErrorCode();
    return code == NOT_ENABLED || code == NOT_ENABLED_FOR_ACCOUNT
        ? new MissingJetStream(url, refusal)
        : new IOException("JetStream says: " + refusal.getErrorDescription(), refusal);
  }
}
