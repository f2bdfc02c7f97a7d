package dev.fanfare.nats;

import dev.fanfare.observe.HeapExhaustion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does what concerns one key one after the other, in the order of the calls, and completes the
/// stages in that order. Any thread.
///
/// @param <K> comparable, because strangers choose names
final class InTurn<K extends Comparable<K>> {

  private final ConcurrentMap<K, CompletableFuture<Boolean>> last = new ConcurrentHashMap<>();
  private final Executor executor;

  /// @param executor starts what had to wait
  InTurn(Executor executor) {
    this.executor = executor;
  }

  /// @param task is started when everything before it has completed, and must not block
  <T extends @Nullable Object> CompletionStage<T> run(K key, Supplier<CompletionStage<T>> task) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<Boolean> before = last.put(key, over);
    Runnable begin =
        () ->
            begin(task)
                .whenComplete((value, failure) -> {
                  if (failure == null) {
                    result.complete(value);
                  } else {
                    result.completeExceptionally(JetStreamCalls.cause(failure));
                  }
                  last.remove(key, over);
                  over.complete(true);
                });
    if (before == null) {
      begin.run();
    } else {
      var _ = before.thenRunAsync(begin, executor);
    }
    return result;
  }

  private static <T extends @Nullable Object> CompletionStage<T> begin(
      Supplier<CompletionStage<T>> task) {
    try {
      return task.get();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      return CompletableFuture.failedStage(e);
    }
  }
}
