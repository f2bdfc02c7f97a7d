package dev.fanfare.console.peers;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The consoles of the other nodes. They work for each other only while a user looks: a request
/// gets one response, and a stream ends unless it is renewed. Nothing is repeated: a node that does
/// not answer in time is silent. Any thread.
public final class Peers implements AutoCloseable {

  /// How long a node may take to answer.
  public static final long PATIENCE_MS = 1_000;

  /// How long a stream goes on without being renewed.
  public static final long LEASE_SECONDS = 10;

  /// Bytes of a response in UTF-8: as many as fit into a message of every engine.
  public static final int MAX_BYTES = 200_000;

  /// What a node has answered.
  ///
  /// @param life of the node
  /// @param json null if it was silent
  public record Answer(long life, @Nullable String json) {}

  private final Bus bus;
  private final Answering answering;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<RequestKey, CompletableFuture<String>> asked = new ConcurrentSkipListMap<>();
  private final Map<Long, Feed> feeds = new ConcurrentSkipListMap<>();

  /// @param clock on which the streams of other nodes end
  public Peers(Bus bus, NanoClock clock, Host host) {
    this.bus = bus;
    this.answering = new Answering(bus, clock, host);
  }

  /// The other nodes that are not gone.
  private List<Long> others() {
    NodesView view = bus.nodes();
    return view.known().stream().filter(life -> life != view.self()).toList();
  }

  /// Asks all other nodes, and waits for at most [#PATIENCE_MS]. Blocks.
  ///
  /// @param appId that this node and the others have
  /// @param target path and query
  public List<Answer> ask(String appId, String target) throws InterruptedException {
    long endNs = NanoClock.SYSTEM.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    long number = numbers.incrementAndGet();
    SequencedMap<RequestKey, CompletableFuture<String>> open = new LinkedHashMap<>();
    others().forEach(life -> open.put(new RequestKey(life, number), new CompletableFuture<>()));
    asked.putAll(open);
    try {
      for (RequestKey key : open.keySet()) {
        bus.publish(new BusMessage.ConsoleRequest(appId, key.life(), number, target));
      }
      List<Answer> answers = new ArrayList<>(open.size());
      for (Map.Entry<RequestKey, CompletableFuture<String>> each : open.entrySet()) {
        answers.add(new Answer(each.getKey().life(), await(each.getValue(), endNs)));
      }
      return answers;
    } finally {
      open.keySet().forEach(asked::remove);
    }
  }

  private static @Nullable String await(CompletableFuture<String> answer, long endNs)
      throws InterruptedException {
    try {
      return answer.get(Math.max(0, endNs - NanoClock.SYSTEM.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is only completed
    }
  }

  /// Lets all other nodes send a stream, until it is closed or not renewed.
  ///
  /// @param target path and query, of which the path is [Host#STREAM]
  public Feed watch(String appId, String target) {
    long number = numbers.incrementAndGet();
    Feed feed =
        new Feed(
            () -> {
              for (long life : others()) {
                bus.publish(new BusMessage.ConsoleRequest(appId, life, number, target));
              }
            },
            () -> feeds.remove(number));
    feeds.put(number, feed);
    feed.renew();
    return feed;
  }

  /// A message of another node's console has arrived. Never blocks.
  public void receive(BusMessage message) {
    switch (message) {
      case BusMessage.ConsoleRequest request -> answering.receive(request);
      case BusMessage.ConsoleResponse response -> {
        CompletableFuture<String> waiting =
            asked.get(new RequestKey(response.node(), response.number()));
        Feed feed = feeds.get(response.number());
        if (waiting != null) {
          var _ = waiting.complete(response.text());
        } else if (feed != null) {
          feed.offer(response.text());
        }
      }
      default -> throw new IllegalArgumentException(message.toString());
    }
  }

  /// Streams that other nodes read here.
  public int streams() {
    return answering.streams();
  }

  @Override
  public void close() {
    answering.close();
  }
}
