package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The part of the port for a value of each channel that is replaced only if it is still the one
/// that was read. Any thread; stages fail as those of [Streams] do.
public interface Values {

  /// The value of a channel.
  ///
  /// @param version another one after each replacement
  /// @param bytes empty if there is none; not changed
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Value(String version, byte[] bytes) {}

  /// The value of a channel as it is now.
  CompletionStage<Value> value(ChannelKey key);

  /// Replaces a value. Atomic: of several nodes that have read one version, one replaces it.
  ///
  /// @param version that was read
  /// @param bytes not changed afterwards; empty for none
  /// @param ttlMs for how long it is kept at least
  /// @return the new version; null if the value was replaced or dropped since it was read
  CompletionStage<@Nullable String> replace(
      ChannelKey key, String version, byte[] bytes, long ttlMs);
}
