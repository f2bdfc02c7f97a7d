package dev.fanfare.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Sends requests over HTTP/1.1 and says whether they were taken: answered with 2xx within four
/// seconds. Never follows a redirect, for what is signed is meant for one receiver. Thread-safe;
/// the caller waits, so it runs on a virtual thread.
final class HttpSender implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(RetrySchedule.ATTEMPT_MS);

  // Guarded by this; null until it is needed, for it has a thread of its own.
  private @Nullable HttpClient client;

  /// Sends one request. Returns null if it was taken, else why not, in a few words that are fit for
  /// a log.
  @Nullable String send(HttpRequest request) throws InterruptedException {
    // The request's own timeout ends with the answer's head, and a body may last for ever.
    CompletableFuture<HttpResponse<Void>> exchange =
        client().sendAsync(request, _ -> new Forgetting());
    try {
      int status = exchange.get(RetrySchedule.ATTEMPT_MS, TimeUnit.MILLISECONDS).statusCode();
      return status / 100 == 2 ? null : "answered " + status;
    } catch (TimeoutException e) {
      return "no complete answer within " + RetrySchedule.ATTEMPT_MS / 1000 + " s";
    } catch (ExecutionException e) {
      return reason(e.getCause());
    } finally {
      exchange.cancel(true); // closes the connection, unless the exchange is over
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException _ ->
          "no connection within " + RetrySchedule.ATTEMPT_MS / 1000 + " s";
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          "the host's name is not known";
      case ConnectException _ -> "cannot connect";
      case SSLException e -> "TLS failed: " + e.getMessage();
      case IOException e -> "the connection broke: " + e.getMessage();
      case null, default -> "failed: " + cause;
    };
  }

  /// Ends at once, whatever is under way.
  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }

  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT)
              .executor(Thread::startVirtualThread)
              .build();
    }
    return client;
  }

  /// Reads an answer's body so that the connection can be used again, but not for long: who sends
  /// more than a little is hung up on.
  private static final class Forgetting implements HttpResponse.BodySubscriber<Void> {

    private static final long MOST_BYTES = 65_536;

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long bytes;
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<Void> getBody() {
      return end;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
      if (bytes > MOST_BYTES && subscription != null) {
        subscription.cancel();
        onComplete();
      }
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    @SuppressWarnings("NullAway") // the JDK's way to say that a body is of no interest
    public void onComplete() {
      end.complete(null);
    }
  }
}
