package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.shared.InFlight;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.Parsed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls on one connection, or on one to each master of a Redis Cluster. A thread makes it, waits
/// until it is lost, and makes the next one. Any thread; only [#close] blocks.
abstract class RedisSession {

  private static final long PAUSE_MS = 500;
  private static final long CLOSE_SECONDS = 3;

  private final EngineOptions options;
  private final String name;
  private final RedisSettings settings;
  private final ClientResources resources;
  private final RedisClient client;
  private final InFlight inFlight = new InFlight();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  private volatile @Nullable StreamsLink link;
  private volatile String reason = "not connected yet";
  private volatile @Nullable Thread thread;
  private int next;

  /// The last connection was usable.
  private boolean wasUp;

  /// @param options of kind [EngineOptions.Kind#REDIS], with one URL at least
  /// @param name of the thread, and with a number of those of the client
  RedisSession(EngineOptions options, String name) {
    this.options = options;
    this.name = name;
    settings = new RedisSettings(options);
    resources = RedisSettings.resources(name + "-");
    client = RedisClient.create(resources);
  }

  /// A connection was made. Blocks; if it throws, the connection is not used.
  abstract void begin(StreamsLink made) throws IOException, InterruptedException;

  /// Fails with the reason if the connection cannot be used any more. Called each second, since not
  /// every loss is noticed. Blocks.
  abstract Parsed<Parsed.Passed> check(StreamsLink made) throws IOException, InterruptedException;

  final String cluster() {
    return options.cluster();
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
    String reported = "";
    while (!closing.isDone()) {
      wasUp = false;
      String ended = serve(available);
      reason = ended;
      if (!closing.isDone() && (wasUp || !ended.equals(reported))) {
        unavailable.accept(ended);
      }
      reported = ended;
    }
    RedisSettings.release(client, resources);
  }

  /// One connection from its beginning to its end, and the pause after it.
  private String serve(Runnable available) {
    StreamsLink made = null;
    try {
      EngineUrl url = options.urls().get(next);
      next = (next + 1) % options.urls().size();
      client.setOptions(settings.client(url));
      Duration patience = RedisSettings.TIMEOUT.multipliedBy(1 + 2L * url.hosts().size());
      made = StreamsLink.connect(client, resources, settings.uri(url), url, patience);
      begin(made);
      link = made;
      wasUp = true;
      available.run();
      return awaitEnd(made);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      return "interrupted";
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e); // everything else ends this connection only
      return e.toString();
    } finally {
      link = null;
      if (made != null) {
        made.close();
      }
      pause();
    }
  }

  private String awaitEnd(StreamsLink made) throws InterruptedException, IOException {
    CompletableFuture<?> either = CompletableFuture.anyOf(made.ending(), closing);
    while (true) {
      try {
        Object ended = either.get(1, TimeUnit.SECONDS);
        return ended instanceof String text ? text : "closed";
      } catch (TimeoutException e) {
        if (check(made) instanceof Parsed.Bad(String found)) {
          return found;
        }
      } catch (ExecutionException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  private void pause() {
    try {
      closing.get(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      // the pause is over
    }
  }

  /// Closes the connection. Blocks for some seconds at most.
  public final void close() {
    var _ = closing.complete(null);
    Thread opened = thread;
    if (opened == null) {
      RedisSettings.release(client, resources);
      return;
    }
    try {
      boolean _ = opened.join(Duration.ofSeconds(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What calls fail with as long as there is no connection; null if there is one.
  final @Nullable StreamsUnavailable unavailable() {
    return link == null ? new StreamsUnavailable(reason) : null;
  }

  /// Makes a call, unless there is no connection or too much is under way.
  ///
  /// @param bytes of the payload
  final <T extends @Nullable Object> CompletionStage<T> call(
      int bytes, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    StreamsLink current = link;
    if (current == null) {
      return CompletableFuture.failedStage(new StreamsUnavailable(reason));
    }
    if (!inFlight.enter(bytes)) {
      return CompletableFuture.failedStage(
          new StreamsUnavailable("too much is on its way to the engine"));
    }
    CompletionStage<T> stage;
    try {
      stage = command.apply(current.commands());
    } catch (RedisException e) { // the connection has just been lost
      stage = CompletableFuture.failedStage(e);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    var _ =
        stage.whenComplete((value, failure) -> {
          inFlight.exit(bytes);
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(failure);
          }
        });
    return result
        .orTimeout(RedisSettings.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(failed(failure, current)));
  }

  /// What the caller gets; a connection that does not answer is given up.
  private static StreamsUnavailable failed(Throwable failure, StreamsLink used) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case StreamsUnavailable known -> known;
      case RedisCommandExecutionException refusal -> // such as a right that the user lacks
          new StreamsUnavailable(String.valueOf(refusal.getMessage()));
      case TimeoutException _ -> {
        used.end("no answer within " + RedisSettings.TIMEOUT.toSeconds() + " s");
        yield new StreamsUnavailable("no answer");
      }
      default -> {
        used.end(String.valueOf(cause.getMessage()));
        yield new StreamsUnavailable(String.valueOf(cause.getMessage()));
      }
    };
  }

  /// Runs a script.
  static <T extends @Nullable Object> CompletionStage<T> eval(
      RedisClusterAsyncCommands<String, byte[]> commands,
      StreamScript script,
      ScriptOutputType type,
      String[] keys,
      byte[]... values) {
    CompletionStage<T> first = commands.evalsha(script.digest(), type, keys, values);
    return first.exceptionallyCompose(failure -> {
      boolean isUnknown =
          failure instanceof RedisNoScriptException
              || failure.getCause() instanceof RedisNoScriptException;
      return isUnknown // Redis was made to forget it
          ? commands.<T>eval(script.source(), type, keys, values)
          : CompletableFuture.failedStage(failure);
    });
  }
}
