package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a subscription on one node receives of events that are published on another at about the
/// same time: everything after its confirmation, nothing that is much older.
///
/// `-Dfanfare.boundary.channels=10000` takes that many channels in each test, and
/// `-Dfanfare.boundary.pause=500` lets so many milliseconds pass between an event and a
/// subscription that must not receive it.
abstract class BoundaryContract {

  private static final int CHANNELS = Integer.getInteger("fanfare.boundary.channels", 200);
  private static final long PAUSE_MS = Long.getLong("fanfare.boundary.pause", 2_000);
  private static final int CLIENTS = 4;

  /// Events of one client before it subscribes to their channels.
  private static final int AT_ONCE = 50;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// The port of a node, 0 or 1, of a cluster with [TestNode#APP].
  abstract int port(int node);

  /// A client of the second node, and a publisher on the first.
  private record Pair(RawSocket socket, Api api) implements AutoCloseable {

    void subscribe(String channel) throws IOException {
      socket.subscribe(channel);
      String answer = socket.nextTextContaining(channel + "\"");
      while (!answer.contains("subscription_succeeded")) {
        answer = socket.nextTextContaining(channel + "\"");
      }
    }

    String nextEvent() throws IOException {
      return socket.nextTextContaining("\"event\":\"e\"");
    }

    /// Subscribes and publishes `after`; returns how many events came before it.
    int subscribeAndPublish(String channel) throws IOException {
      subscribe(channel);
      api.publish(channel, "e", "after");
      int before = 0;
      String event = nextEvent();
      if (event.contains("before")) {
        before++;
        event = nextEvent();
      }
      assertThat(event).contains(channel + "\"", "after");
      socket.unsubscribe(channel);
      return before;
    }

    @Override
    public void close() throws IOException {
      socket.close();
      api.close();
    }
  }

  /// One client's part of the channels; returns how many events it has received.
  private interface Part {
    int run(Pair pair, List<String> channels) throws IOException;
  }

  /// Runs the part for several clients at once, and returns the sum of what they return.
  private int inParallel(Part part) throws IOException {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      String prefix = "news-" + client + "-";
      List<String> channels =
          IntStream.range(0, CHANNELS / CLIENTS).mapToObj(i -> prefix + i).toList();
      calls.add(() -> {
        RawSocket socket = ServerProcess.connect(port(1), TestNode.APP.key());
        socket.patience(PATIENCE);
        try (Pair pair = new Pair(socket, new Api(port(0), TestNode.APP))) {
          return part.run(pair, channels);
        }
      });
    }
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
      int sum = 0;
      for (Future<Integer> result : threads.invokeAll(calls)) {
        sum += result.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsPublishedOnConfirmationArrives() throws IOException {
    int received =
        inParallel((pair, channels) -> {
          int count = 0;
          for (String channel : channels) {
            pair.subscribe(channel);
            pair.api().publish(channel, "e", "first");
            pair.api().publish(channel, "e", "second");
            assertThat(pair.nextEvent()).contains(channel + "\"", "first");
            assertThat(pair.nextEvent()).contains(channel + "\"", "second");
            pair.socket().unsubscribe(channel);
            count++;
          }
          return count;
        });
    assertThat(received).isEqualTo(CHANNELS / CLIENTS * CLIENTS);
  }

  /// Either is right: the event is as old as the subscription, give or take the time between the
  /// nodes. It is reported how many are delivered.
  @Test
  void whatIsPublishedJustBeforeComesFirstOrNotAtAll() throws IOException {
    int received =
        inParallel((pair, channels) -> {
          int count = 0;
          for (String channel : channels) {
            pair.api().publish(channel, "e", "before");
            count += pair.subscribeAndPublish(channel);
          }
          return count;
        });
    System.out.printf(
        "published on one node, subscribed on the other after its 200: %d of %d delivered%n",
        received, CHANNELS / CLIENTS * CLIENTS);
  }

  @Test
  void whatIsOlderDoesNotArrive() throws IOException {
    int received =
        inParallel((pair, channels) -> {
          int count = 0;
          for (int from = 0; from < channels.size(); from += AT_ONCE) {
            List<String> some = channels.subList(from, Math.min(from + AT_ONCE, channels.size()));
            for (String channel : some) {
              pair.api().publish(channel, "e", "before");
            }
            LockSupport.parkNanos(Duration.ofMillis(PAUSE_MS).toNanos());
            for (String channel : some) {
              count += pair.subscribeAndPublish(channel);
            }
          }
          return count;
        });
    assertThat(received)
        .as("of %d delivered to subscriptions that are %d ms younger", CHANNELS, PAUSE_MS)
        .isZero();
  }
}
