package dev.fanfare.redis;

import static dev.fanfare.redis.StreamText.bytes;
import static dev.fanfare.redis.StreamText.id;
import static dev.fanfare.redis.StreamText.padded;
import static dev.fanfare.redis.StreamText.text;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.InFlight;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.observe.HeapExhaustion;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps events in Redis Streams (Redis 6.2 or newer), one for each channel, by connections of its
/// own, so that datagrams do not wait for events. All keys of a channel have one hash tag, so that
/// a Redis Cluster has them in one place.
public final class RedisStreams implements Streams {

  private static final long PAUSE_MS = 500;
  private static final long CLOSE_SECONDS = 3;

  private final EngineOptions options;
  private final RedisSettings settings;
  private final ClientResources resources;
  private final RedisClient client;
  private final InFlight inFlight = new InFlight();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();

  private volatile @Nullable StreamsLink link;
  private volatile String reason = "not connected yet";
  private volatile EventId origin = EventId.NONE;
  private volatile @Nullable Thread thread;
  private int next;

  /// The last connection was usable.
  private boolean wasUp;

  /// Streams that are not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#REDIS], with one URL at least
  public RedisStreams(EngineOptions options) {
    this.options = options;
    settings = new RedisSettings(options);
    resources = RedisSettings.resources("fanfare-streams-");
    client = RedisClient.create(resources);
  }

  @Override
  public void open(Listener listener) {
    Thread made =
        Thread.ofPlatform().daemon().name("fanfare-streams").unstarted(() -> run(listener));
    thread = made;
    made.start();
  }

  private void run(Listener listener) {
    String reported = "";
    while (!closing.isDone()) {
      wasUp = false;
      String ended = serve(listener);
      reason = ended;
      if (!closing.isDone() && (wasUp || !ended.equals(reported))) {
        listener.onUnavailable(ended);
      }
      reported = ended;
    }
    RedisSettings.release(client, resources);
  }

  /// One connection from its beginning to its end, and the pause after it.
  private String serve(Listener listener) {
    StreamsLink made = null;
    try {
      EngineUrl url = options.urls().get(next);
      next = (next + 1) % options.urls().size();
      client.setOptions(settings.client(url));
      Duration patience = RedisSettings.TIMEOUT.multipliedBy(1 + 2L * url.hosts().size());
      made = StreamsLink.connect(client, resources, settings.uri(url), url, patience);
      origin = askOrigin(made);
      link = made;
      wasUp = true;
      listener.onAvailable();
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

  private EventId askOrigin(StreamsLink made) throws IOException, InterruptedException {
    byte[] answer =
        RedisLink.finish(
            this.<byte[]>eval(
                    made.commands(), StreamScript.ORIGIN, ScriptOutputType.VALUE, originKeys())
                .toCompletableFuture(),
            RedisSettings.TIMEOUT);
    return new EventId(Long.parseLong(text(answer)), 0);
  }

  private String[] originKeys() {
    return new String[] {"fanfare:" + options.cluster() + ":origin"};
  }

  /// Examines the connection each second, since not every loss is noticed.
  private String awaitEnd(StreamsLink made) throws InterruptedException, IOException {
    CompletableFuture<?> either = CompletableFuture.anyOf(made.ending(), closing);
    while (true) {
      try {
        Object ended = either.get(1, TimeUnit.SECONDS);
        return ended instanceof String text ? text : "closed";
      } catch (TimeoutException e) {
        EventId found = askOrigin(made);
        if (!found.equals(origin)) {
          return "the engine has lost its data";
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

  @Override
  public void close() {
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

  /// Makes a call, unless there is no connection or too much is under way.
  private <T extends @Nullable Object> CompletionStage<T> call(
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

  private <T extends @Nullable Object> CompletionStage<T> eval(
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

  private String key(ChannelKey key, String what) {
    String app = key.appId().replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    return "fanfare:" + options.cluster() + ":{" + app + "/" + key.channel() + "}:" + what;
  }

  @Override
  public CompletionStage<Appended> append(
      ChannelKey key, byte[] payload, Limits limits, @Nullable String idempotencyKey) {
    List<String> keys = new ArrayList<>(List.of(key(key, "s"), key(key, "l")));
    if (idempotencyKey != null) {
      keys.add(key(key, "k:" + idempotencyKey));
    }
    byte[][] values = {
      payload, bytes(limits.events()), bytes(limits.keepMs()), bytes(limits.quietMs())
    };
    return this.<List<byte[]>>call(
            payload.length,
            commands ->
                eval(
                    commands,
                    StreamScript.APPEND,
                    ScriptOutputType.MULTI,
                    keys.toArray(String[]::new),
                    values))
        .thenApply(answer ->
            new Appended(
                id(text(answer.get(0))), id(text(answer.get(1))), text(answer.get(2)).equals("1")));
  }

  @Override
  public CompletionStage<List<Entry>> range(
      ChannelKey key, EventId after, EventId through, int most, boolean isForwards) {
    Range<String> range =
        Range.from(
            Range.Boundary.excluding(after.toString()),
            Range.Boundary.including(through.toString()));
    Limit limit = Limit.from(most);
    String stream = key(key, "s");
    return this.<List<StreamMessage<String, byte[]>>>call(
            0,
            commands ->
                isForwards
                    ? commands.xrange(stream, range, limit)
                    : commands.xrevrange(stream, range, limit))
        .thenApply(messages -> messages.stream().map(RedisStreams::entry).toList());
  }

  private static Entry entry(StreamMessage<String, byte[]> message) {
    Map<String, byte[]> body = message.getBody();
    return new Entry(
        id(message.getId()),
        id(text(Objects.requireNonNull(body.get("p")))),
        Objects.requireNonNull(body.get("d")));
  }

  @Override
  public CompletionStage<Long> purge(ChannelKey key) {
    String[] keys = {key(key, "s"), key(key, "l")};
    return call(0, commands -> eval(commands, StreamScript.PURGE, ScriptOutputType.INTEGER, keys));
  }

  @Override
  public CompletionStage<EventId> origin() {
    return link == null
        ? CompletableFuture.failedStage(new StreamsUnavailable(reason))
        : CompletableFuture.completedStage(origin);
  }

  @Override
  public CompletionStage<Void> hold(
      ChannelKey key, String identity, String owner, Position position, long ttlMs) {
    return run(
        StreamScript.HOLD,
        key(key, "h:" + identity),
        owner,
        position.confirmed(),
        position.sockets(),
        ttlMs);
  }

  private CompletionStage<Void> run(StreamScript script, String key, Object... values) {
    byte[][] arguments = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      arguments[i] = bytes(values[i]);
    }
    return this.<Long>call(
            0,
            commands ->
                eval(commands, script, ScriptOutputType.INTEGER, new String[] {key}, arguments))
        .thenAccept(_ -> {});
  }

  private CompletionStage<byte @Nullable []> ask(
      StreamScript script, String key, byte[]... values) {
    return call(
        0, commands -> eval(commands, script, ScriptOutputType.VALUE, new String[] {key}, values));
  }

  @Override
  public CompletionStage<@Nullable Position> claim(
      ChannelKey key, String identity, String owner, long ttlMs) {
    return ask(StreamScript.CLAIM, key(key, "h:" + identity), bytes(owner), bytes(ttlMs))
        .thenApply(answer -> {
          if (answer == null) {
            return null;
          }
          String found = text(answer);
          int space = found.indexOf(' ');
          return new Position(id(found.substring(0, space)), found.substring(space + 1));
        });
  }

  @Override
  public CompletionStage<Void> leave(
      ChannelKey key, String identity, EventId confirmed, long ttlMs) {
    return run(
        StreamScript.LEAVE, key(key, "w:" + identity), padded(confirmed), ttlMs, MAX_WAITING);
  }

  @Override
  public CompletionStage<@Nullable EventId> oldest(ChannelKey key, String identity) {
    return ask(StreamScript.OLDEST, key(key, "w:" + identity))
        .thenApply(answer -> answer == null ? null : id(text(answer)));
  }

  @Override
  public CompletionStage<Void> seen(ChannelKey key, String reader, EventId confirmed, long ttlMs) {
    return run(StreamScript.SEEN, key(key, "c"), reader, padded(confirmed), ttlMs, MAX_READERS);
  }

  @Override
  public CompletionStage<Map<String, Cursor>> cursors(ChannelKey key) {
    return this.<Map<String, byte[]>>call(0, commands -> commands.hgetall(key(key, "c")))
        .thenApply(found -> {
          Map<String, Cursor> cursors = new HashMap<>();
          found.forEach((reader, value) -> {
            String[] parts = text(value).split(" ", 2);
            cursors.put(reader, new Cursor(id(parts[0]), Long.parseLong(parts[1])));
          });
          return cursors;
        });
  }
}
