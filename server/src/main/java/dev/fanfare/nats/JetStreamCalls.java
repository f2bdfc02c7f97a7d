package dev.fanfare.nats;

import dev.fanfare.history.shared.StreamsUnavailable;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.ApiResponse;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.PurgeResponse;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Requests to JetStream that never block. Reads are answered by the leader of a stream, so they
/// show everything that was stored before. Any thread.
///
/// Stages fail with [StreamsUnavailable].
final class JetStreamCalls {

  private static final int NOT_FOUND = 404;
  private static final int WRONG_LAST_SEQUENCE = 10_071;
  private static final String API = "$JS.API.STREAM.";

  /// Another message was stored meanwhile.
  static final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Conflict() {
      super("another message was stored meanwhile", null, false, false);
    }
  }

  private final Connection connection;

  JetStreamCalls(Connection connection) {
    this.connection = connection;
  }

  /// Stores a message.
  ///
  /// @param after the sequence of the subject's last message; 0 for none
  /// @param messageId for five minutes, a second message with it is not stored; null for none
  /// @return fails with [Conflict] if the last message is another one
  CompletionStage<PublishAck> publish(
      String subject, byte[] payload, long after, @Nullable String messageId) {
    Headers headers =
        new Headers().add("Nats-Expected-Last-Subject-Sequence", Long.toString(after));
    if (messageId != null) {
      headers.add("Nats-Msg-Id", messageId);
    }
    return request(subject, headers, payload).thenApply(JetStreamCalls::acknowledgement);
  }

  private static PublishAck acknowledgement(Message answer) {
    try {
      return new PublishAck(answer);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
        throw new Conflict();
      }
      throw new StreamsUnavailable("JetStream says: " + e.getErrorDescription());
    } catch (IOException e) {
      throw new StreamsUnavailable("JetStream's answer cannot be read: " + e.getMessage());
    }
  }

  /// The last message of a subject; null if there is none.
  CompletionStage<@Nullable MessageInfo> last(String stream, String subject) {
    return message(stream, "{\"last_by_subj\":\"" + subject + "\"}");
  }

  /// The message with a sequence; null if there is none.
  CompletionStage<@Nullable MessageInfo> at(String stream, long sequence) {
    return message(stream, "{\"seq\":" + sequence + "}");
  }

  /// The first message of a subject from a sequence on; null if there is none.
  CompletionStage<@Nullable MessageInfo> next(String stream, String subject, long from) {
    return message(stream, "{\"seq\":" + from + ",\"next_by_subj\":\"" + subject + "\"}");
  }

  private CompletionStage<@Nullable MessageInfo> message(String stream, String query) {
    return api("MSG.GET", stream, query)
        .thenApply(answer -> {
          MessageInfo message = new MessageInfo(answer, stream, false);
          if (message.hasError() && message.getErrorCode() == NOT_FOUND) {
            return null;
          }
          check(message);
          return message;
        });
  }

  /// Drops the messages of a subject before a sequence.
  CompletionStage<Long> purgeBefore(String stream, String subject, long sequence) {
    return purge(stream, "{\"filter\":\"" + subject + "\",\"seq\":" + sequence + "}");
  }

  /// Drops the messages of a subject but the newest.
  CompletionStage<Long> purgeBut(String stream, String subject, long keep) {
    return purge(stream, "{\"filter\":\"" + subject + "\",\"keep\":" + keep + "}");
  }

  private CompletionStage<Long> purge(String stream, String query) {
    return api("PURGE", stream, query)
        .thenApply(answer -> {
          PurgeResponse purged = new PurgeResponse(answer);
          check(purged);
          return purged.getPurged();
        });
  }

  private static void check(ApiResponse<?> response) {
    if (response.hasError()) {
      throw new StreamsUnavailable("JetStream says: " + response.getDescription());
    }
  }

  private CompletionStage<Message> api(String call, String stream, String query) {
    return request(API + call + "." + stream, null, query.getBytes(StandardCharsets.UTF_8));
  }

  private CompletionStage<Message> request(
      String subject, @Nullable Headers headers, byte[] payload) {
    try {
      CompletableFuture<Message> answer =
          headers == null
              ? connection.requestWithTimeout(subject, payload, NatsSettings.TIMEOUT)
              : connection.requestWithTimeout(subject, headers, payload, NatsSettings.TIMEOUT);
      return answer.exceptionallyCompose(
          failure -> CompletableFuture.failedStage(unavailable(cause(failure))));
    } catch (IllegalStateException | IllegalArgumentException e) { // just lost, or too long
      return CompletableFuture.failedStage(unavailable(e));
    }
  }

  private static StreamsUnavailable unavailable(Throwable failure) {
    return failure instanceof CancellationException
        ? new StreamsUnavailable("JetStream does not answer")
        : new StreamsUnavailable("a request to JetStream failed: " + failure.getMessage());
  }

  /// Why a stage failed.
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
