package dev.fanfare.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.http.Answer;
import dev.fanfare.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class LateAnswersTest {

  private static final Response RESPONSE = Response.json("{}".getBytes(StandardCharsets.UTF_8));

  private final Deque<Runnable> lane = new ArrayDeque<>();
  private final List<Response> received = new ArrayList<>();

  private void runLane() {
    for (Runnable next = lane.poll(); next != null; next = lane.poll()) {
      next.run();
    }
  }

  @Test
  void aResponseIsPassedOnAtOnce() {
    LateAnswers.await(RESPONSE, lane::add, received::add);
    assertThat(received).containsExactly(RESPONSE);
  }

  @Test
  void whatFollowsAnEventIsAnsweredOnTheLane() {
    CompletableFuture<Boolean> event = new CompletableFuture<>();
    LateAnswers.await(new Answer.Awaited(event, () -> RESPONSE), lane::add, received::add);
    assertThat(lane).isEmpty();
    event.complete(true);
    assertThat(lane).hasSize(1);
    assertThat(received).isEmpty();
    runLane();
    assertThat(received).containsExactly(RESPONSE);
  }

  @Test
  void oneEventMayFollowAnother() {
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    Answer inner = new Answer.Awaited(second, () -> RESPONSE);
    LateAnswers.await(new Answer.Awaited(first, () -> inner), lane::add, received::add);
    first.complete(true);
    runLane();
    assertThat(received).isEmpty();
    second.complete(true);
    runLane();
    assertThat(received).containsExactly(RESPONSE);
  }

  @Test
  void anEventThatFailsIsAnEventToo() {
    CompletableFuture<Boolean> event = new CompletableFuture<>();
    Answer answer = new Answer.Awaited(event, () -> RESPONSE);
    LateAnswers.await(answer, lane::add, received::add);
    event.completeExceptionally(new IllegalStateException("no"));
    runLane();
    assertThat(received).containsExactly(RESPONSE);
    assertThat(answer.now()).isSameAs(RESPONSE);
  }

  @Test
  void whatMayBlockIsComputedElsewhere() throws InterruptedException {
    CountDownLatch isComputed = new CountDownLatch(1);
    List<Boolean> virtual = new ArrayList<>();
    Executor counting =
        task -> {
          lane.add(task);
          isComputed.countDown();
        };
    Answer answer =
        new Answer.Later(() -> {
          virtual.add(Thread.currentThread().isVirtual());
          return RESPONSE;
        });
    LateAnswers.await(answer, counting, received::add);
    isComputed.await();
    assertThat(virtual).containsExactly(true);
    runLane();
    assertThat(received).containsExactly(RESPONSE);
  }
}
