package dev.fanfare.history.shared;

import dev.fanfare.testing.MemoryStreams;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a node uses of an engine, whose calls are done when the test says so, and of which some
/// fail before or after they were done. Used by one thread.
final class FlakyStreams {

  /// Changes a call that is about to be done; returns its arguments.
  @FunctionalInterface
  interface Filter {
    @Nullable Object[] arguments(String method, @Nullable Object[] arguments);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
  private record Call(
      Method method, @Nullable Object[] arguments, CompletableFuture<@Nullable Object> answer) {}

  private final Streams engine;
  private final Filter filter;
  private final List<Call> waiting = new ArrayList<>();
  private boolean isDead;

  FlakyStreams(MemoryStreams.Engine engine, Filter filter) {
    this.engine = engine.node();
    this.filter = filter;
  }

  Streams streams() {
    return (Streams)
        Proxy.newProxyInstance(
            Streams.class.getClassLoader(), new Class<?>[] {Streams.class}, this::call);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it is what the method of the port returns
  private @Nullable Object call(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    if (!CompletionStage.class.isAssignableFrom(method.getReturnType())) {
      return null; // nothing is opened or closed
    }
    CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
    @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
    waiting.add(new Call(method, given, answer));
    return answer;
  }

  boolean hasCalls() {
    return !waiting.isEmpty();
  }

  /// From now on calls are perhaps done, and no caller gets the answers.
  void kill() {
    isDead = true;
  }

  /// One of the calls is done, or fails.
  ///
  /// @param failures how many of a hundred fail
  void step(Random random, int failures) {
    if (waiting.isEmpty()) {
      return;
    }
    Call call = waiting.remove(random.nextInt(waiting.size()));
    boolean isLost = random.nextInt(100) < failures;
    boolean isDone = !isLost || random.nextBoolean();
    CompletionStage<?> done = isDone ? done(call) : CompletableFuture.completedStage(null);
    if (isDead) {
      return;
    }
    if (isLost) {
      call.answer.completeExceptionally(new StreamsUnavailable("no answer"));
    } else {
      var _ =
          done.whenComplete((value, failure) -> {
            if (failure == null) {
              call.answer.complete(value);
            } else {
              call.answer.completeExceptionally(failure);
            }
          });
    }
  }

  private CompletionStage<?> done(Call call) {
    try {
      return (CompletionStage<?>)
          call.method.invoke(engine, filter.arguments(call.method.getName(), call.arguments));
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError(call.method.getName(), e);
    }
  }
}
