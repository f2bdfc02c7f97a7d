package dev.fanfare.bus;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The port to what an engine remembers under the idempotency keys of publishers, for all nodes.
/// Any thread; no method but [#close] blocks.
///
/// A stage fails with a message for the log if the engine cannot be reached, refuses, or does not
/// answer within some seconds. Whether it was done is then not known.
public interface RequestKeys extends AutoCloseable {

  /// Begins to connect, and does not give up until [#close]. Called once, and before all others.
  ///
  /// @param tried is called when the engine was reached or not, the first time; perhaps again
  void open(Runnable tried);

  /// Gives a key without a value this one. Atomic: of several claims, one succeeds.
  ///
  /// @param key 1 to 128 letters, digits or `_`, `.`, `:`, `-`
  /// @param ttlMs for how long the value is kept
  /// @return null if it succeeded, else the value that the key has
  CompletionStage<byte @Nullable []> claim(String appId, String key, byte[] value, long ttlMs);

  /// Replaces a value. Atomic. Does nothing if the key has another value than `claimed`; one that
  /// has none any more gets the new one.
  ///
  /// @param ttlMs for how long the new value is kept
  CompletionStage<Boolean> settle(
      String appId, String key, byte[] claimed, byte[] value, long ttlMs);

  /// Removes the value of a key, if it is still this one. Atomic.
  CompletionStage<Boolean> abandon(String appId, String key, byte[] claimed);

  @Override
  void close();
}
