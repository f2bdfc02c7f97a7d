package dev.fanfare.nats;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import dev.fanfare.history.shared.InFlight;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.Parsed;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls on one connection to JetStream. A thread makes it, waits until it is lost, and makes the
/// next one. Any thread; only [#check] and [#close] block.
///
/// @param <L> what is done on the connection
abstract class NatsSession<L extends NatsSession.Link> {

  private static final long PAUSE_MS = 500;
  private static final long CLOSE_SECONDS = 5;
  private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(1);

  /// What is done on one connection.
  interface Link extends AutoCloseable {

    /// True if everything is as it was when this was made. Blocks for some seconds at most.
    boolean isIntact();

    /// Closes the connection, without waiting for long. Never throws.
    @Override
    void close();
  }

  private final EngineOptions options;
  private final String name;
  private final InFlight inFlight = new InFlight();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable L link;
  private volatile String reason = "JetStream has not been reached yet";
  private volatile @Nullable Thread thread;

  /// The last reason that the listener was notified of since it was available. Confined to the
  /// thread.
  private String reported = "";

  // Guarded by the lock.
  private boolean isClosed;
  private @Nullable String ending;
  private int next;

  /// @param options of kind [EngineOptions.Kind#NATS], with one URL at least
  /// @param name of the thread
  NatsSession(EngineOptions options, String name) {
    this.options = options;
    this.name = name;
  }

  /// Creates what does not exist yet. Blocks for some seconds at most.
  abstract L link(Connection connection, EngineUrl url) throws IOException, InterruptedException;

  /// Bad, with the reason, if this NATS can never keep anything; not if no server is reached now.
  /// Blocks for some seconds for each URL that does not answer.
  final Parsed<Parsed.Passed> check() {
    for (EngineUrl url : options.urls()) {
      begin();
      try {
        connect(url, new NatsEvents(url, new Ending())).close();
        return Parsed.PASSED;
      } catch (MissingJetStream e) {
        return new Parsed.Bad<>(String.valueOf(e.getMessage()));
      } catch (IOException | IllegalStateException e) {
        // It may pass. The reason is logged when the server has started and tries again.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Parsed.PASSED;
      }
    }
    return Parsed.PASSED;
  }

  /// Makes a call, unless there is no connection or too much is under way.
  ///
  /// @param bytes of the payload
  final <T extends @Nullable Object> CompletionStage<T> call(
      int bytes, Function<L, CompletionStage<T>> operation) {
    L current = link;
    if (current == null) {
      return CompletableFuture.failedStage(new StreamsUnavailable(reason));
    }
    if (!inFlight.enter(bytes)) {
      return CompletableFuture.failedStage(
          new StreamsUnavailable("too much is on its way to JetStream"));
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    operation
        .apply(current)
        .whenComplete((value, failure) -> {
          inFlight.exit(bytes);
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(unavailable(JetStreamCalls.cause(failure)));
          }
        });
    return result;
  }

  private static StreamsUnavailable unavailable(Throwable cause) {
    HeapExhaustion.exitIf(cause);
    return cause instanceof StreamsUnavailable known
        ? known
        : new StreamsUnavailable("a request to JetStream failed: " + cause);
  }

  /// Begins to connect. Called once.
  ///
  /// @param available is called when it can be used
  /// @param unavailable is called with the reason when it cannot, once for each reason
  final void open(Runnable available, Consumer<String> unavailable) {
    Thread made =
        Thread.ofPlatform().daemon().name(name).unstarted(() -> run(available, unavailable));
    thread = made;
    made.start();
  }

  private void run(Runnable available, Consumer<String> unavailable) {
    while (!isClosed()) {
      String why = serve(available);
      reason = why;
      if (!isClosed() && !why.equals(reported)) {
        unavailable.accept(why);
      }
      reported = why;
      pause();
    }
  }

  /// One connection from its beginning to its end.
  ///
  /// @return why it has ended
  private String serve(Runnable available) {
    EngineUrl url = options.urls().get(next);
    next = (next + 1) % options.urls().size();
    begin();
    NatsEvents events = new NatsEvents(url, new Ending());
    L made = null;
    try {
      made = connect(url, events);
      link = made;
      reported = "";
      available.run();
      return awaitEnd(made);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e); // everything else ends this connection only
      return e.toString();
    } finally {
      link = null;
      if (made != null) {
        made.close();
      }
    }
  }

  private L connect(EngineUrl url, NatsEvents events) throws IOException, InterruptedException {
    Connection connection;
    try {
      connection = Nats.connect(NatsSettings.of(options, url, events));
    } catch (AuthenticationException e) {
      throw new IOException(url + ": " + e.getMessage(), e);
    } catch (IOException e) {
      Exception latest = events.latest(); // the other one says only that no server was reached
      throw new IOException(url + ": " + (latest == null ? e : latest).getMessage(), e);
    }
    try {
      L made = link(connection, url);
      connection = null;
      return made;
    } catch (MissingJetStream e) {
      throw e;
    } catch (IOException e) {
      String refused = ended();
      boolean isSilent = refused == null && connection != null && isAlive(connection);
      if (isSilent
          && !(e.getCause() instanceof JetStreamApiException)
          && !connection.getServerInfo().isJetStreamAvailable()) {
        throw new MissingJetStream(url, e);
      }
      throw new IOException(url + ": " + (refused == null ? e.getMessage() : refused), e);
    } finally {
      if (connection != null) {
        connection.close();
      }
    }
  }

  /// True if the server answers anything at all.
  private static boolean isAlive(Connection connection) throws InterruptedException {
    try {
      connection.flush(NatsSettings.TIMEOUT);
      return true;
    } catch (TimeoutException | IllegalStateException e) {
      return false;
    }
  }

  private final class Ending implements EngineWire.Events {
    @Override
    public void received(byte[] datagram) {
      // Only answers are received.
    }

    @Override
    public void lost(String why) {
      end(why);
    }
  }

  private void begin() {
    lock.lock();
    try {
      ending = null;
    } finally {
      lock.unlock();
    }
  }

  private void end(String why) {
    lock.lock();
    try {
      if (ending == null) {
        ending = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable String ended() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  /// Also ends when the stream was deleted, or is another one.
  private String awaitEnd(L made) throws InterruptedException {
    boolean isIntact = true;
    while (isIntact && !isEnding(CHECK_NS)) {
      isIntact = made.isIntact();
    }
    String why = ended();
    if (why != null) {
      return why;
    }
    return isIntact ? "closed" : "JetStream does not have its stream any more";
  }

  private boolean isEnding(long patienceNs) throws InterruptedException {
    lock.lock();
    try {
      long left = patienceNs;
      while (left > 0 && ending == null && !isClosed) {
        left = changed.awaitNanos(left);
      }
      return ending != null || isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
      while (left > 0 && !isClosed) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /// Closes the connection. Blocks for some seconds at most.
  public final void close() {
    Thread opened = thread;
    lock.lock();
    try {
      isClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (opened == null) {
      return;
    }
    try {
      boolean _ = opened.join(Duration.ofSeconds(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
