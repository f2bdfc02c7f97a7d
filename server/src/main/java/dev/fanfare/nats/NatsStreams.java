package dev.fanfare.nats;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.protocol.Parsed;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Keeps events and positions in NATS JetStream: a stream and a key-value bucket for each cluster.
public final class NatsStreams extends NatsSession<JetStreamLink> implements Streams {

  private final StreamNames names;

  /// Not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#NATS], with one URL at least
  public NatsStreams(EngineOptions options) {
    super(options, "fanfare-streams");
    this.names = new StreamNames(options.cluster());
  }

  /// Bad, with the reason, if this NATS can never keep anything; not if no server is reached now.
  /// Blocks for some seconds for each URL that does not answer.
  ///
  /// @param options as for the constructor
  public static Parsed<Parsed.Passed> check(EngineOptions options) {
    return new NatsStreams(options).check();
  }

  @Override
  JetStreamLink link(Connection connection, EngineUrl url)
      throws IOException, InterruptedException {
    return new JetStreamLink(connection, url, names);
  }

  @Override
  public void open(Listener listener) {
    open(listener::onAvailable, listener::onUnavailable);
  }

  @Override
  public CompletionStage<Appended> append(
      ChannelKey key, byte[] payload, Limits limits, @Nullable String idempotencyKey) {
    long ms = Math.max(limits.keepMs(), limits.quietMs());
    return call(
        payload.length,
        to ->
            to.appends()
                .append(key, payload, limits.events(), idempotencyKey, () -> to.keepEvents(ms)));
  }

  @Override
  public CompletionStage<List<Entry>> range(
      ChannelKey key, EventId after, EventId through, int most, boolean isForwards) {
    return call(0, to -> to.reads().range(key, after, through, most, isForwards));
  }

  @Override
  public CompletionStage<Long> purge(ChannelKey key) {
    return call(0, to -> to.appends().purge(key));
  }

  @Override
  public CompletionStage<EventId> origin() {
    return call(0, to -> CompletableFuture.completedStage(to.origin()));
  }

  @Override
  public CompletionStage<Void> hold(
      ChannelKey key, String identity, String owner, Position position, long ttlMs) {
    return call(0, to -> to.positions().hold(key, identity, owner, position, ttlMs));
  }

  @Override
  public CompletionStage<@Nullable Position> claim(
      ChannelKey key, String identity, String owner, long ttlMs) {
    return call(0, to -> to.positions().claim(key, identity, owner, ttlMs));
  }

  @Override
  public CompletionStage<Void> leave(
      ChannelKey key, String identity, EventId confirmed, long ttlMs) {
    return call(0, to -> to.positions().leave(key, identity, confirmed, ttlMs));
  }

  @Override
  public CompletionStage<@Nullable EventId> oldest(ChannelKey key, String identity) {
    return call(0, to -> to.positions().oldest(key, identity));
  }

  @Override
  public CompletionStage<Void> seen(ChannelKey key, Map<String, EventId> confirmed, long ttlMs) {
    return call(0, to -> to.positions().seen(key, confirmed, ttlMs));
  }

  @Override
  public CompletionStage<Map<String, Cursor>> cursors(ChannelKey key) {
    return call(0, to -> to.positions().cursors(key));
  }

  @Override
  public CompletionStage<Void> forgetReaders(ChannelKey key) {
    return call(0, to -> to.positions().forgetReaders(key));
  }

  @Override
  public CompletionStage<Value> value(ChannelKey key) {
    return call(0, to -> to.positions().value(key));
  }

  @Override
  public CompletionStage<@Nullable String> replace(
      ChannelKey key, String version, byte[] bytes, long ttlMs) {
    return call(bytes.length, to -> to.positions().replace(key, version, bytes, ttlMs));
  }
}
