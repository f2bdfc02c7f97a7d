package dev.fanfare.http;

import java.util.function.Supplier;

/// What a request gets: a [Response], or the promise of one that needs a disk.
public sealed interface Answer permits Response, Answer.Later {

  /// The response, worked out by the calling thread if that is still to be done.
  Response now();

  /// A response that may take its time: never to be worked out on an event loop.
  record Later(Supplier<Response> work) implements Answer {

    @Override
    public Response now() {
      return work.get();
    }
  }
}
