package dev.fanfare.webhook.courier;

import dev.fanfare.observe.NanoClock;
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

/// Sends requests over HTTP/1.1. A request is accepted if it is answered with 2xx within four
/// seconds. Redirects are not followed, because a signed request is meant for one receiver.
/// Thread-safe; blocks the caller, which is a virtual thread.
public final class HttpSender implements AutoCloseable {

  private static final long SECONDS = TimeUnit.MILLISECONDS.toSeconds(RetrySchedule.ATTEMPT_MS);

  /// A time-out that is noticed so much later was not the endpoint's fault.
  private static final long STALL_MS = 1_000;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(RetrySchedule.ATTEMPT_MS);

  // Guarded by this. The client is created on demand, because it has a dedicated thread.
  private boolean isClosed;
  private @Nullable HttpClient client;

  /// Why a request was not accepted.
  ///
  /// @param reason a few words that are fit for a log
  /// @param isUnavailable true if the events in the request cannot be the cause: the endpoint was
  ///   not reached, or it asked for fewer requests (429)
  record Failure(String reason, boolean isUnavailable) {}

  /// What came of a request.
  ///
  /// @param status 0 without an answer
  /// @param failure null if the request was accepted
  record Answer(int status, @Nullable Failure failure) {}

  /// Sends one request.
  Answer send(HttpRequest request) throws InterruptedException {
    // The timeout of HttpRequest covers the response headers only, and a body may be endless.
    CompletableFuture<HttpResponse<Void>> exchange =
        client().sendAsync(request, _ -> new DiscardedBody());
    try {
      int status = await(exchange).statusCode();
      return new Answer(
          status,
          status / 100 == 2
              ? null
              : new Failure("answered " + status, status == TOO_MANY_REQUESTS));
    } catch (TimeoutException e) {
      return new Answer(0, new Failure("no complete answer within " + SECONDS + " s", false));
    } catch (ExecutionException e) {
      return new Answer(0, failure(e.getCause()));
    } finally {
      exchange.cancel(true); // closes the connection, unless the exchange is over
    }
  }

  /// Waits for the answer. If this process stood still meanwhile, the answer may wait to be read.
  private static HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> exchange)
      throws InterruptedException, ExecutionException, TimeoutException {
    long startedNs = NanoClock.SYSTEM.nanoTime();
    try {
      return exchange.get(RetrySchedule.ATTEMPT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      long tookMs = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - startedNs);
      if (tookMs < RetrySchedule.ATTEMPT_MS + STALL_MS) {
        throw e;
      }
      return exchange.get(STALL_MS, TimeUnit.MILLISECONDS);
    }
  }

  private static Failure failure(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException _ -> new Failure("no connection within " + SECONDS + " s", true);
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          new Failure("unknown host name", true);
      case ConnectException _ -> new Failure("cannot connect", true);
      case SSLException e -> new Failure("TLS failed: " + e.getMessage(), true);
      case IOException e -> new Failure("the connection broke: " + e.getMessage(), false);
      case null, default -> new Failure("failed: " + cause, false);
    };
  }

  /// Aborts requests in progress.
  @Override
  public synchronized void close() {
    isClosed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }

  private synchronized HttpClient client() {
    // The JDK's client has one thread for all its connections; once that has died, every request
    // fails.
    if (client == null || (client.isTerminated() && !isClosed)) {
      client =
          HttpTarget.client()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT)
              .executor(Thread::startVirtualThread)
              .build();
    }
    return client;
  }

  /// Reads and discards the body of a response so that the connection can be reused. Closes the
  /// connection if the body is large.
  private static final class DiscardedBody implements HttpResponse.BodySubscriber<Void> {

    private static final long MAX_BYTES = 65_536;

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
      if (bytes > MAX_BYTES && subscription != null) {
        subscription.cancel();
        onComplete();
      }
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    @SuppressWarnings("NullAway") // a body of type Void can only be null
    public void onComplete() {
      end.complete(null);
    }
  }
}
