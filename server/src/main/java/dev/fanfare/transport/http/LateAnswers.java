package dev.fanfare.transport.http;

import dev.fanfare.http.Answer;
import dev.fanfare.http.Response;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Waits for answers without holding a lane up.
final class LateAnswers {

  private LateAnswers() {}

  /// Passes the response on when it is there. What may block is computed on a virtual thread; what
  /// follows an event takes no thread until then.
  ///
  /// @param lane runs everything else
  /// @param then runs on the lane, or at once if the answer is a response
  static void await(Answer answer, Executor lane, Consumer<Response> then) {
    switch (answer) {
      case Response response -> then.accept(response);
      case Answer.Later later -> {
        var _ =
            Thread.ofVirtual()
                .name("fanfare-api")
                .start(() -> {
                  Response response = later.now();
                  lane.execute(() -> then.accept(response));
                });
      }
      case Answer.Awaited awaited -> {
        var _ =
            awaited
                .event()
                .whenComplete(
                    (_, _) -> lane.execute(() -> await(awaited.then().get(), lane, then)));
      }
    }
  }
}
