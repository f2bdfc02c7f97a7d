package dev.fanfare.channel;

import dev.fanfare.history.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What is known about an event that was accepted.
///
/// @param id null if no rule keeps it, or if it is not known yet
/// @param later completes with the id, or with null if the event could not be kept; null if nothing
///   has to be waited for
public record Receipt(@Nullable EventId id, @Nullable CompletableFuture<@Nullable EventId> later) {

  /// No rule keeps it.
  static final Receipt NONE = new Receipt(null, null);

  /// Completes when [#await] need not wait for any of these; null if that is so already.
  public static @Nullable CompletableFuture<?> all(List<Receipt> receipts) {
    List<CompletableFuture<?>> pending = new ArrayList<>(0);
    for (Receipt receipt : receipts) {
      CompletableFuture<?> later = receipt.later;
      if (later != null && !later.isDone()) {
        pending.add(later);
      }
    }
    return pending.isEmpty()
        ? null
        : CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new));
  }

  /// The id; waits for it.
  public @Nullable EventId await() {
    return later == null ? id : later.join();
  }
}
