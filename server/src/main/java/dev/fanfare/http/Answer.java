package dev.fanfare.http;

import java.util.function.Supplier;

/// The answer to a request: a [Response], or one that is computed later because it needs the disk.
public sealed interface Answer permits Response, Answer.Later {

  /// Returns the response; computes it on the calling thread if necessary.
  Response now();

  /// A response that may block: never compute it on an event loop.
  record Later(Supplier<Response> work) implements Answer {

    @Override
    public Response now() {
      return work.get();
    }
  }
}
