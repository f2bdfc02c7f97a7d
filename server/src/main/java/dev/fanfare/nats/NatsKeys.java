package dev.fanfare.nats;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.RequestKeys;
import io.nats.client.Connection;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Remembers idempotency keys in NATS JetStream: a key-value bucket for each cluster. It has a
/// separate connection, because keys are used without rules for history, too, and because a right
/// that is missing ends a connection.
public final class NatsKeys extends NatsSession<KeysLink> implements RequestKeys {

  private final StreamNames names;

  /// Not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#NATS], with one URL at least
  public NatsKeys(EngineOptions options) {
    super(options, "fanfare-keys");
    this.names = new StreamNames(options.cluster());
  }

  @Override
  KeysLink link(Connection connection, EngineUrl url) throws IOException, InterruptedException {
    return new KeysLink(connection, url, names);
  }

  @Override
  public void open(Runnable tried) {
    open(tried, _ -> tried.run());
  }

  @Override
  public CompletionStage<byte @Nullable []> claim(
      String appId, String key, byte[] value, long ttlMs) {
    return call(value.length, to -> to.claim(appId, key, value, ttlMs));
  }

  @Override
  public CompletionStage<Boolean> settle(
      String appId, String key, byte[] claimed, byte[] value, long ttlMs) {
    return call(claimed.length + value.length, to -> to.settle(appId, key, claimed, value, ttlMs));
  }

  @Override
  public CompletionStage<Boolean> abandon(String appId, String key, byte[] claimed) {
    return call(claimed.length, to -> to.abandon(appId, key, claimed));
  }
}
