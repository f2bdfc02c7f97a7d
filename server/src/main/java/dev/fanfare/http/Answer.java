package dev.fanfare.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// The answer to a request: a [Response], or one that is there later.
public sealed interface Answer permits Response, Answer.Later, Answer.Awaited {

  /// Returns the response; waits for it or computes it on the calling thread if necessary.
  Response now();

  /// A response that may block: never compute it on an event loop.
  record Later(Supplier<Response> work) implements Answer {

    @Override
    public Response now() {
      return work.get();
    }
  }

  /// An answer that follows something else, such as a write to the disk, and takes no thread until
  /// then.
  ///
  /// @param event completes once the answer can be computed, also if it fails
  /// @param then does not block once the event has completed
  record Awaited(CompletionStage<?> event, Supplier<Answer> then) implements Answer {

    @Override
    public Response now() {
      var _ = event.handle((_, _) -> true).toCompletableFuture().join();
      return then.get().now();
    }
  }
}
