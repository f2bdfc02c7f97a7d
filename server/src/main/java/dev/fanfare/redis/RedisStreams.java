package dev.fanfare.redis;

import static dev.fanfare.redis.StreamText.bytes;
import static dev.fanfare.redis.StreamText.id;
import static dev.fanfare.redis.StreamText.padded;
import static dev.fanfare.redis.StreamText.text;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.protocol.Parsed;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Keeps events in Redis Streams (Redis 6.2 or newer), one for each channel, over separate
/// connections, so that datagrams do not wait for events. All keys of a channel have one hash tag,
/// so that a Redis Cluster has them in one place.
public final class RedisStreams extends RedisSession implements Streams {

  private volatile EventId origin = EventId.NONE;

  /// Streams that are not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#REDIS], with one URL at least
  public RedisStreams(EngineOptions options) {
    super(options, "fanfare-streams");
  }

  @Override
  public void open(Listener listener) {
    open(listener::onAvailable, listener::onUnavailable);
  }

  @Override
  void begin(StreamsLink made) throws IOException, InterruptedException {
    origin = askOrigin(made);
  }

  @Override
  Parsed<Parsed.Passed> check(StreamsLink made) throws IOException, InterruptedException {
    return askOrigin(made).equals(origin)
        ? Parsed.PASSED
        : new Parsed.Bad<>("the engine has lost its data");
  }

  private EventId askOrigin(StreamsLink made) throws IOException, InterruptedException {
    byte[] answer =
        RedisLink.finish(
            RedisSession.<byte[]>eval(
                    made.commands(), StreamScript.ORIGIN, ScriptOutputType.VALUE, originKeys())
                .toCompletableFuture(),
            RedisSettings.TIMEOUT);
    return new EventId(Long.parseLong(text(answer)), 0);
  }

  private String[] originKeys() {
    return new String[] {"fanfare:" + cluster() + ":origin"};
  }

  private String key(ChannelKey key, String what) {
    String app = key.appId().replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    return "fanfare:" + cluster() + ":{" + app + "/" + key.channel() + "}:" + what;
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
    StreamsUnavailable failure = unavailable();
    return failure == null
        ? CompletableFuture.completedStage(origin)
        : CompletableFuture.failedStage(failure);
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
  public CompletionStage<Void> seen(ChannelKey key, Map<String, EventId> confirmed, long ttlMs) {
    List<Object> values = new ArrayList<>(List.of(ttlMs, MAX_READERS));
    confirmed.forEach((reader, id) -> values.addAll(List.of(reader, padded(id))));
    return run(StreamScript.SEEN, key(key, "c"), values.toArray());
  }

  @Override
  public CompletionStage<Map<String, Cursor>> cursors(ChannelKey key) {
    return this.<Map<String, byte[]>>call(0, commands -> commands.hgetall(key(key, "c")))
        .thenApply(StreamText::cursors);
  }

  /// Needs no right that [#seen] does not need.
  @Override
  public CompletionStage<Void> forgetReaders(ChannelKey key) {
    return this.<Boolean>call(0, commands -> commands.pexpire(key(key, "c"), 0))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<Value> value(ChannelKey key) {
    return this.<byte @Nullable []>call(0, commands -> commands.get(key(key, "m")))
        .thenApply(StreamText::value);
  }

  @Override
  public CompletionStage<@Nullable String> replace(
      ChannelKey key, String version, byte[] bytes, long ttlMs) {
    String next = Long.toHexString(ThreadLocalRandom.current().nextLong());
    String[] keys = {key(key, "m")};
    byte[][] values = {bytes(version), bytes(next), bytes, bytes(ttlMs)};
    return this.<Long>call(
            bytes.length,
            commands ->
                eval(commands, StreamScript.REPLACE, ScriptOutputType.INTEGER, keys, values))
        .thenApply(isReplaced -> isReplaced == 1 ? next : null);
  }
}
