package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.protocol.Parsed;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Remembers idempotency keys in Redis (6.2 or newer): one key of Redis for each, which expires. It
/// has a separate connection, because keys are used without rules for history, too.
public final class RedisKeys extends RedisSession implements RequestKeys {

  /// Not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#REDIS], with one URL at least
  public RedisKeys(EngineOptions options) {
    super(options, "fanfare-keys");
  }

  @Override
  public void open(Runnable tried) {
    open(tried, _ -> tried.run());
  }

  @Override
  void begin(StreamsLink made) {}

  @Override
  Parsed<Parsed.Passed> check(StreamsLink made) throws IOException, InterruptedException {
    List<Object> role = RedisLink.finish(made.commands().role(), RedisSettings.TIMEOUT);
    if (made.cluster() == null) {
      RedisLink.checkRole(role);
    }
    return Parsed.PASSED;
  }

  private String key(String appId, String key) {
    String app = appId.replace("%", "%25").replace(":", "%3A");
    return "fanfare:" + cluster() + ":once:" + app + ":" + key;
  }

  @Override
  public CompletionStage<byte @Nullable []> claim(
      String appId, String key, byte[] value, long ttlMs) {
    return this.<byte @Nullable []>call(
        value.length,
        commands ->
            eval(
                commands,
                StreamScript.KEY_CLAIM,
                ScriptOutputType.VALUE,
                new String[] {key(appId, key)},
                value,
                StreamText.bytes(ttlMs)));
  }

  @Override
  public CompletionStage<Boolean> settle(
      String appId, String key, byte[] claimed, byte[] value, long ttlMs) {
    return change(
        StreamScript.KEY_SETTLE, key(appId, key), claimed, value, StreamText.bytes(ttlMs));
  }

  @Override
  public CompletionStage<Boolean> abandon(String appId, String key, byte[] claimed) {
    return change(StreamScript.KEY_ABANDON, key(appId, key), claimed);
  }

  private CompletionStage<Boolean> change(StreamScript script, String key, byte[]... values) {
    int bytes = 0;
    for (byte[] each : values) {
      bytes += each.length;
    }
    return this.<Long>call(
            bytes,
            commands ->
                eval(commands, script, ScriptOutputType.INTEGER, new String[] {key}, values))
        .thenApply(done -> done == 1);
  }
}
