package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowFilter;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.console.row.StreamStart;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.Observation;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that begin with rows that are remembered.
final class StreamStartTest {

  private static final String LIFE = "k9x";

  private final ManualClock clock = new ManualClock();
  private final Recorder recorder =
      new Recorder(
          ConsoleNode.ON,
          new Share("console", "", 1 << 20),
          new Moments(clock, clock::instant),
          TestNode.apps(ConsoleNode.APP, ConsoleNode.OTHER));

  private RowStream stream(String query, StreamStart start) {
    RowFilter filter =
        ((Parsed.Ok<RowFilter>) RowFilter.parse(ConsoleNode.APP.id(), Query.parse(query))).value();
    return Objects.requireNonNull(recorder.streams().open(filter, start, recorder.moments()));
  }

  private static StreamStart start(@Nullable String id, @Nullable String last) {
    return ((Parsed.Ok<StreamStart>) StreamStart.parse(id, last, LIFE)).value();
  }

  private void happen(int times) {
    for (int i = 0; i < times; i++) {
      recorder.watch().on(new Observation.SignedIn(ConsoleNode.APP, RowsOfPeers.PEER, "7"));
      recorder.watch().on(new Observation.SignedIn(ConsoleNode.OTHER, RowsOfPeers.PEER, "8"));
      recorder.drain(clock.nanoTime());
    }
  }

  private static List<Long> ids(RowStream.Batch batch) {
    return batch.rows().stream().map(RowRing.Entry::id).toList();
  }

  @Test
  void theLastRowsAreThoseThatAreSelected() {
    happen(3);
    recorder.watch().subscribed(ConsoleNode.APP, "c", RowsOfPeers.PEER);
    happen(2);
    assertThat(ids(stream("", start(null, "2")).take())).containsExactly(5L, 6L);
    assertThat(ids(stream("kind=subscribe", start(null, "200")).take())).containsExactly(4L);
    RowStream begun = stream("", start(null, "200"));
    assertThat(begun.take()).extracting(RowStream.Batch::upTo).isEqualTo(6L);
    happen(1);
    assertThat(ids(begun.take())).containsExactly(7L);
    RowStream now = stream("", StreamStart.FROM_NOW);
    assertThat(now.take().isEmpty()).isTrue();
    assertThat(now.take().upTo()).isEqualTo(7);
  }

  @Test
  void whatFollowsANumberIsContinued() {
    happen(5);
    RowStream.Batch batch = stream("", start(LIFE + "-3", "1")).take();
    assertThat(ids(batch)).containsExactly(4L, 5L);
    assertThat(batch.gone()).isZero();
    assertThat(stream("", start(LIFE + "-5", null)).take().isEmpty()).isTrue();
  }

  /// However many there are: they are not a sample.
  @Test
  void whatIsNotRememberedIsCounted() {
    happen(Retrospect.RECENT + 5);
    RowStream.Batch batch = stream("", start(LIFE + "-2", null)).take();
    assertThat(batch.rows()).hasSize(Retrospect.RECENT);
    assertThat(ids(batch)).startsWith(6L).endsWith(1_005L);
    assertThat(batch.gone()).isEqualTo(3);
    assertThat(EventStream.text(new RowJson(recorder.moments(), ""), batch, "id: k9x-1005\n"))
        .startsWith(
            "event: skipped\ndata: {\"rows\":3,\"why\":\"gone\"}\n\n"
                + "event: rows\nid: k9x-1005\ndata: [{\"id\":\"6\",");
  }

  /// The numbers of another life of the server mean nothing in this one.
  @Test
  void afterARestartAStreamBeginsWithAllRows() {
    happen(2);
    assertThat(ids(stream("", start("zzz-100", null)).take())).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"201", "-1", "", "x", "1000", "9999999999"})
  void aWrongNumberOfRowsIsRefused(String last) {
    assertThat(StreamStart.parse(null, last, LIFE))
        .isEqualTo(new Parsed.Bad<>("last must be a whole number up to 200"));
  }

  /// Browsers send what they have got, and other clients anything.
  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "k9x", "k9x-", "-5", "k9x-5-5", "K9X-5", "k9x-9999999999999999999"})
  void anIdThatIsNotOursIsNone(String id) {
    assertThat(start(id, null)).isEqualTo(StreamStart.FROM_NOW);
  }

  /// A reader who is cut off again and again gets each row once, in order.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aReaderWhoComesBackMissesNothingAndGetsNothingTwice(long seed) {
    Random random = new Random(seed);
    List<Long> got = new ArrayList<>();
    List<Long> wanted = new ArrayList<>();
    long number = 0;
    String id = LIFE + "-0";
    RowStream stream = stream("kind=subscribe", start(id, null));
    for (int i = 0; i < 3_000; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          number++;
          boolean isWanted = random.nextBoolean();
          if (isWanted) {
            recorder.watch().subscribed(ConsoleNode.APP, "c", RowsOfPeers.PEER);
            wanted.add(number);
          } else {
            recorder.watch().unsubscribed(ConsoleNode.APP, "c", RowsOfPeers.PEER);
          }
        }
        case 2 -> recorder.drain(clock.nanoTime());
        case 3 -> {
          clock.advance(Duration.ofSeconds(1));
          RowStream.Batch batch = stream.take();
          assertThat(batch.slow() + batch.fast() + batch.gone()).isZero();
          got.addAll(ids(batch));
          id = LIFE + "-" + batch.upTo();
        }
        default -> {
          stream.close();
          stream = stream("kind=subscribe", start(id, null));
        }
      }
    }
    recorder.drain(clock.nanoTime());
    clock.advance(Duration.ofSeconds(1));
    got.addAll(ids(stream.take()));
    clock.advance(Duration.ofSeconds(1));
    got.addAll(ids(stream.take()));
    assertThat(got).isEqualTo(wanted);
  }

  /// Most of them are publishes, so they are rows only while a reader asks for them.
  @Test
  void requestsAreRowsOnlyWhileTheyAreAskedFor() {
    HttpExchange exchange = new HttpExchange("/apps/{id}/channels", "1234", 200, 0, 2, 1_500_000);
    RowStream any = stream("", StreamStart.FROM_NOW);
    recorder.watch().on(exchange);
    RowStream asking = stream("kind=request", StreamStart.FROM_NOW);
    recorder.watch().on(exchange);
    recorder.drain(clock.nanoTime());
    asking.close();
    recorder.watch().on(exchange);
    recorder.drain(clock.nanoTime());
    assertThat(recorder.retrospect().recent("1234")).hasSize(1);
    assertThat(any.take().rows()).isEmpty();
    List<RowRing.Entry> rows = asking.take().rows();
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().row())
        .isEqualTo(new Row.Request(1, "1234", "/apps/{id}/channels", 200, 1_500_000));
  }
}
