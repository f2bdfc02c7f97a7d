package dev.fanfare.http.once;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Remembers for some minutes under which keys publishers have published, and what they were
/// answered, so that a repeated request publishes nothing. Any thread, unless [#mayWait].
public interface IdempotencyKeys {

  /// The result of [#claim].
  sealed interface Claim {

    /// Another request with one of the keys is being carried out: claim again when it is done.
    record Busy(CompletableFuture<?> done) implements Claim {}

    /// A key was used for something else.
    record Conflict(String key) implements Claim {}

    /// The caller publishes what has no answer yet, and then calls [#settle] or [#abandon].
    non-sealed interface Granted extends Claim {

      /// The JSON of the first answer under a key; null if there was none yet.
      ///
      /// @param index of the key in the claim
      byte @Nullable [] answer(int index);

      /// Remembers the answers under the keys that had none. Does not block.
      ///
      /// @param answers by index; those of other keys are ignored. Null frees a key again
      void settle(List<byte @Nullable []> answers);

      /// Nothing was published, so the keys are free again. Does nothing after [#settle]. Does not
      /// block.
      void abandon();
    }
  }

  /// True if [#claim] may wait for other nodes, and must not be called on an event loop.
  default boolean mayWait() {
    return false;
  }

  /// Claims all of these keys, or none.
  ///
  /// @param uses with distinct keys
  Claim claim(String appId, List<KeyUse> uses);
}
