package dev.fanfare.history.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every engine must do that keeps the events of a cluster.
public abstract class StreamsContract implements ValuesContract {

  private static final int PATIENCE_SECONDS = 60;
  private static final long LONG_MS = 3_600_000;
  private static final Streams.Limits LIMITS = new Streams.Limits(1_000, LONG_MS, LONG_MS);
  private static final ChannelKey FEED = new ChannelKey("1", "feed-7");

  private final List<Streams> opened = new ArrayList<>();

  /// What a node of that cluster uses, which is not open yet. All nodes use the same engine.
  protected abstract Streams streams(String cluster);

  @AfterEach
  final void closeStreams() {
    opened.forEach(Streams::close);
  }

  @Override
  public final Streams node(String cluster) throws InterruptedException {
    Streams streams = streams(cluster);
    opened.add(streams);
    CountDownLatch connected = new CountDownLatch(1);
    streams.open(
        new Streams.Listener() {
          @Override
          public void onAvailable() {
            connected.countDown();
          }

          @Override
          public void onUnavailable(String reason) {}
        });
    assertThat(connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return streams;
  }

  /// What a stage completes with.
  protected static <T extends @Nullable Object> T result(CompletionStage<T> stage)
      throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Streams.Appended append(Streams streams, ChannelKey key, String text)
      throws InterruptedException {
    return result(streams.append(key, text.getBytes(UTF_8), LIMITS, null));
  }

  private static List<String> texts(List<Streams.Entry> entries) {
    return entries.stream().map(entry -> new String(entry.payload(), UTF_8)).toList();
  }

  @Test
  void eachEntryNamesTheOneBefore() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    Streams.Appended one = append(a, FEED, "one");
    Streams.Appended two = append(b, FEED, "two");
    Streams.Appended three = append(a, FEED, "three");
    assertThat(one.previous()).isEqualTo(EventId.NONE);
    assertThat(two.previous()).isEqualTo(one.id());
    assertThat(three.previous()).isEqualTo(two.id());
    assertThat(three.id()).isGreaterThan(two.id());
    assertThat(two.id()).isGreaterThan(one.id());
    assertThat(three.isRepeated()).isFalse();
    List<Streams.Entry> entries = result(a.range(FEED, EventId.NONE, Streams.END, 10, true));
    assertThat(texts(entries)).containsExactly("one", "two", "three");
    assertThat(entries.stream().map(Streams.Entry::id))
        .containsExactly(one.id(), two.id(), three.id());
    assertThat(entries.stream().map(Streams.Entry::previous))
        .containsExactly(EventId.NONE, one.id(), two.id());
  }

  @Test
  void nodesThatAppendAtOnceGetOneOrder() throws Exception {
    List<Streams> nodes = List.of(node("house"), node("house"));
    int count = 500;
    List<CompletionStage<Streams.Appended>> stages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      for (Streams each : nodes) {
        stages.add(each.append(FEED, new byte[] {1}, LIMITS, null));
      }
    }
    List<Streams.Appended> appended = new ArrayList<>();
    for (CompletionStage<Streams.Appended> stage : stages) {
      appended.add(result(stage));
    }
    appended.sort((one, other) -> one.id().compareTo(other.id()));
    EventId before = EventId.NONE;
    for (Streams.Appended each : appended) {
      assertThat(each.previous()).isEqualTo(before);
      assertThat(each.id()).isGreaterThan(before);
      before = each.id();
    }
  }

  @Test
  void aNodesAppendsToAChannelAreAnsweredInOrder() throws Exception {
    Streams a = node("house");
    List<EventId> answered = new ArrayList<>();
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      stages.add(
          a.append(FEED, new byte[] {1}, LIMITS, null)
              .thenAccept(done -> {
                synchronized (answered) {
                  answered.add(done.id());
                }
              }));
    }
    for (CompletionStage<?> stage : stages) {
      var _ = result(stage);
    }
    assertThat(answered).hasSize(500).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void rangesHaveBoundsAndDirections() throws Exception {
    Streams a = node("house");
    List<EventId> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(append(a, FEED, "e" + i).id());
    }
    assertThat(texts(result(a.range(FEED, ids.get(2), Streams.END, 3, true))))
        .containsExactly("e3", "e4", "e5");
    assertThat(texts(result(a.range(FEED, ids.get(2), ids.get(5), 100, true))))
        .containsExactly("e3", "e4", "e5");
    assertThat(texts(result(a.range(FEED, EventId.NONE, Streams.END, 2, false))))
        .containsExactly("e9", "e8");
    assertThat(texts(result(a.range(FEED, ids.get(7), ids.get(8), 100, false))))
        .containsExactly("e8");
    assertThat(result(a.range(FEED, ids.get(9), Streams.END, 100, true))).isEmpty();
    assertThat(result(a.range(new ChannelKey("1", "other"), EventId.NONE, Streams.END, 9, true)))
        .isEmpty();
  }

  @Test
  void payloadsAreBytes() throws Exception {
    Streams a = node("house");
    byte[] payload = new byte[70_000];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) i;
    }
    var _ = result(a.append(FEED, payload, LIMITS, null));
    assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 1, true)).getFirst().payload())
        .isEqualTo(payload);
  }

  /// Legal names that would be mistaken for one another if they were not separated, or mean
  /// something to an engine.
  @Test
  void channelsAreSeparate() throws Exception {
    Streams a = node("house");
    List<ChannelKey> keys =
        List.of(
            FEED,
            new ChannelKey("2", "feed-7"),
            new ChannelKey("1", "feed-7:"),
            new ChannelKey("1", "feed-7.x"),
            new ChannelKey("1", "FEED-7"),
            new ChannelKey("1", "a,b;c=d@e"),
            new ChannelKey("1/feed", "7"),
            new ChannelKey("1{x}", "feed-7"),
            new ChannelKey("1 ü*>", "#server-to-user-7"));
    for (int i = 0; i < keys.size(); i++) {
      assertThat(append(a, keys.get(i), "e" + i).previous()).isEqualTo(EventId.NONE);
    }
    for (int i = 0; i < keys.size(); i++) {
      assertThat(texts(result(a.range(keys.get(i), EventId.NONE, Streams.END, 9, true))))
          .containsExactly("e" + i);
    }
  }

  @Test
  void clustersAreSeparate() throws Exception {
    Streams here = node("house");
    Streams there = node("another-house");
    var _ = append(here, FEED, "here");
    assertThat(append(there, FEED, "there").previous()).isEqualTo(EventId.NONE);
    assertThat(texts(result(here.range(FEED, EventId.NONE, Streams.END, 9, true))))
        .containsExactly("here");
  }

  @Test
  void theNewestEntriesAreKept() throws Exception {
    Streams a = node("house");
    Streams.Limits few = new Streams.Limits(10, LONG_MS, LONG_MS);
    List<EventId> ids = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      ids.add(result(a.append(FEED, new byte[] {1}, few, null)).id());
    }
    List<Streams.Entry> left = result(a.range(FEED, EventId.NONE, Streams.END, 1_000, true));
    assertThat(left.size()).isBetween(10, 250);
    int first = ids.size() - left.size();
    assertThat(left.getFirst().previous()).as("shows the loss").isEqualTo(ids.get(first - 1));
    assertThat(left.getLast().id()).isEqualTo(ids.getLast());
  }

  @Test
  void aPurgedChannelBeginsAnew() throws Exception {
    Streams a = node("house");
    var _ = append(a, FEED, "one");
    EventId last = append(a, FEED, "two").id();
    assertThat(result(a.purge(FEED))).isEqualTo(2L);
    assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, true))).isEmpty();
    Streams.Appended next = append(a, FEED, "three");
    assertThat(next.previous()).isEqualTo(EventId.NONE);
    assertThat(next.id()).isGreaterThan(last);
    assertThat(result(a.purge(new ChannelKey("1", "never-used")))).isZero();
  }

  @Test
  void aKeyIsUsedOnce() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    Streams.Appended first = result(a.append(FEED, new byte[] {1}, LIMITS, "order-5"));
    Streams.Appended again = result(b.append(FEED, new byte[] {1}, LIMITS, "order-5"));
    assertThat(again.isRepeated()).isTrue();
    assertThat(again.id()).isEqualTo(first.id());
    ChannelKey other = new ChannelKey("1", "feed-8");
    assertThat(result(a.append(other, new byte[] {1}, LIMITS, "order-5")).isRepeated()).isFalse();
    assertThat(result(a.append(FEED, new byte[] {1}, LIMITS, "order-6")).isRepeated()).isFalse();
    assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, true))).hasSize(2);
  }

  @Test
  void theOriginIsTheSameForAll() throws Exception {
    Streams a = node("house");
    EventId origin = result(a.origin());
    EventId first = append(a, FEED, "one").id();
    assertThat(origin).isLessThanOrEqualTo(first);
    assertThat(result(node("house").origin())).isEqualTo(origin);
  }

  private static Streams.Position at(long number) {
    return new Streams.Position(new EventId(1_764_270_000_000L, number), "1.2,3.4");
  }

  @Test
  void aNarrowPositionIsClaimedByOneAfterTheOther() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    assertThat(result(b.claim(FEED, "t:x", "2.2", LONG_MS))).isNull();
    var _ = result(a.hold(FEED, "t:x", "1.1", at(5), LONG_MS));
    var _ = result(a.hold(FEED, "t:x", "1.1", at(6), LONG_MS));
    assertThat(result(b.claim(FEED, "t:x", "2.2", LONG_MS))).isEqualTo(at(6));
    var _ = result(a.hold(FEED, "t:x", "1.1", at(9), LONG_MS)); // it was claimed meanwhile
    assertThat(result(a.claim(FEED, "t:x", "3.3", LONG_MS))).isEqualTo(at(6));
    var _ = result(a.hold(FEED, "t:x", "3.3", at(7), LONG_MS));
    assertThat(result(b.claim(FEED, "t:x", "4.4", LONG_MS))).isEqualTo(at(7));
    assertThat(result(b.claim(FEED, "t:y", "4.4", LONG_MS))).isNull();
    assertThat(result(b.claim(new ChannelKey("1", "x"), "t:x", "4.4", LONG_MS))).isNull();
  }

  @Test
  void theOldestWidePositionRemains() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    assertThat(result(b.oldest(FEED, "u:7"))).isNull();
    EventId nine = new EventId(999, 9);
    EventId ten = new EventId(1_000, 3);
    EventId eleven = new EventId(1_000, 11);
    var _ = result(a.leave(FEED, "u:7", eleven, LONG_MS));
    assertThat(result(b.oldest(FEED, "u:7"))).isEqualTo(eleven);
    var _ = result(b.leave(FEED, "u:7", ten, LONG_MS));
    var _ = result(a.leave(FEED, "u:7", nine, LONG_MS));
    assertThat(result(b.oldest(FEED, "u:7"))).isEqualTo(nine);
    assertThat(result(a.oldest(FEED, "u:7"))).isEqualTo(nine);
    assertThat(result(a.oldest(FEED, "u:8"))).isNull();
  }

  @Test
  void manyWidePositionsBecomeFewAndNoneIsLost() throws Exception {
    Streams a = node("house");
    var _ = result(a.leave(FEED, "u:7", new EventId(5, 0), LONG_MS));
    for (int i = 0; i < 3 * Streams.MAX_WAITING; i++) {
      var _ = result(a.leave(FEED, "u:7", new EventId(100 + i, 0), LONG_MS + i));
    }
    assertThat(result(a.oldest(FEED, "u:7"))).isEqualTo(new EventId(5, 0));
  }

  private static @Nullable EventId oldest(Streams streams, String identity)
      throws InterruptedException {
    return result(streams.oldest(FEED, identity));
  }

  @Test
  void positionsEnd() throws Exception {
    Streams a = node("house");
    var _ = result(a.leave(FEED, "u:7", new EventId(5, 0), 1));
    var _ = result(a.leave(FEED, "u:7", new EventId(8, 0), LONG_MS));
    var _ = result(a.hold(FEED, "t:x", "1.1", at(5), 1));
    pass(50);
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> new EventId(8, 0).equals(oldest(a, "u:7")));
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> result(a.claim(FEED, "t:x", "2.2", LONG_MS)) == null);
  }

  /// Time passes, if the engine has a clock that a test can move.
  protected void pass(long ms) {}

  private static void seen(Streams streams, String reader, EventId confirmed)
      throws InterruptedException {
    var _ = result(streams.seen(FEED, Map.of(reader, confirmed), LONG_MS));
  }

  private static Map<String, EventId> confirmed(Streams streams) throws InterruptedException {
    Map<String, EventId> confirmed = new TreeMap<>();
    result(streams.cursors(FEED)).forEach((reader, it) -> confirmed.put(reader, it.confirmed()));
    return confirmed;
  }

  @Test
  void cursorsDoNotGoBack() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    assertThat(result(a.cursors(FEED))).isEmpty();
    EventId ten = new EventId(1_000, 10);
    seen(a, "d:phone", ten);
    seen(b, "d:phone", new EventId(1_000, 9));
    EventId last = new EventId(999, 0);
    Map<String, EventId> several = Map.of("", last, "d:phone", last, "d:desk ü", ten);
    var _ = result(b.seen(FEED, several, LONG_MS));
    assertThat(confirmed(a)).isEqualTo(Map.of("d:phone", ten, "", last, "d:desk ü", ten));
    assertThat(result(a.cursors(FEED)).values())
        .allSatisfy(cursor -> assertThat(cursor.seenMs()).isPositive());
    assertThat(result(a.cursors(new ChannelKey("1", "feed-8")))).isEmpty();
  }

  @Test
  void aChannelHasFewReaders() throws Exception {
    Streams a = node("house");
    for (int i = 0; i < Streams.MAX_READERS + 3; i++) {
      seen(a, "d:" + i, new EventId(i, 0));
      pass(1);
    }
    Map<String, Streams.Cursor> cursors = result(a.cursors(FEED));
    assertThat(cursors).hasSize(Streams.MAX_READERS).containsKey("d:" + (Streams.MAX_READERS + 2));
  }

  @Test
  void nodesThatSeeReadersAtOnceLoseNone() throws Exception {
    List<Streams> nodes = List.of(node("house"), node("house"));
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      for (int node = 0; node < nodes.size(); node++) {
        EventId own = new EventId(i, node);
        Map<String, EventId> confirmed = Map.of("d:" + node, own, "d:both", own);
        stages.add(nodes.get(node).seen(FEED, confirmed, LONG_MS));
      }
    }
    for (CompletionStage<?> stage : stages) {
      var _ = result(stage);
    }
    EventId last = new EventId(50, 1);
    assertThat(confirmed(nodes.getFirst()))
        .isEqualTo(Map.of("d:0", new EventId(50, 0), "d:1", last, "d:both", last));
  }

  @Test
  void readersAreForgotten() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    var _ = result(a.forgetReaders(FEED)); // there are none
    seen(a, "d:phone", new EventId(5, 0));
    var _ = result(b.forgetReaders(FEED));
    assertThat(result(a.cursors(FEED))).isEmpty();
    seen(b, "d:desk", new EventId(5, 0));
    assertThat(result(a.cursors(FEED))).containsOnlyKeys("d:desk");
  }
}
