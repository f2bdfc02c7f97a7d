package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowFilter;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.console.row.RowStreams;
import dev.fanfare.console.row.StreamStart;
import dev.fanfare.observe.GivenSignature;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Peer;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// The queue of rows between event loops and the thread of the console, and what comes out of it.
final class WatchTest {

  private static final Peer PEER = RowsOfPeers.PEER;

  private final ManualClock clock = new ManualClock();
  private final Share share = new Share("console", "", 1 << 20);
  private final Recorder recorder =
      new Recorder(
          ConsoleNode.ON,
          share,
          new Moments(clock, clock::instant),
          TestNode.apps(ConsoleNode.APP));
  private final Watch watch = recorder.watch();

  private List<RowRing.Entry> drained(RowStream stream) {
    recorder.drain(clock.nanoTime());
    return stream.take().rows();
  }

  private RowStream stream(String query) {
    RowFilter filter =
        ((Parsed.Ok<RowFilter>) RowFilter.parse(ConsoleNode.APP.id(), Query.parse(query))).value();
    RowStream stream = recorder.streams().open(filter, StreamStart.FROM_NOW, recorder.moments());
    return Objects.requireNonNull(stream);
  }

  private void publish(String channel, String event) {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 200)).value();
    Publication publication = new Publication(name, event, "x", null, null, Origin.HTTP);
    var _ = watch.begin(ConsoleNode.APP, publication, 0, () -> "192.0.2.7");
  }

  @Test
  void whatDoesNotFitIsCounted() {
    for (int i = 0; i < Watch.MAX_ROWS + 5; i++) {
      watch.subscribed(ConsoleNode.APP, "c", PEER);
    }
    assertThat(recorder.lost()).isEqualTo(5);
    recorder.drain(clock.nanoTime());
    watch.subscribed(ConsoleNode.APP, "c", PEER);
    assertThat(recorder.lost()).isEqualTo(5);
  }

  @Test
  void aRowWaitsUntilItIsOldEnough() {
    RowStream stream = stream("");
    watch.subscribed(ConsoleNode.APP, "c", PEER);
    recorder.drain(clock.nanoTime() - 1);
    assertThat(stream.take().isEmpty()).isTrue();
    clock.advance(Duration.ofNanos(1));
    recorder.drain(clock.nanoTime() - 1);
    assertThat(stream.take().rows()).hasSize(1);
  }

  @Test
  void aPublisherIsFoundOutLaterAndLetGo() {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse("c", 200)).value();
    Publication publication = new Publication(name, "e", "x", null, null, Origin.HTTP);
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> address = () -> "192.0.2." + asked.incrementAndGet();
    var _ = watch.begin(ConsoleNode.APP, publication, 0, address);
    EventTrace trace = recorder.traces().of(ConsoleNode.APP.id()).find(1);
    assertThat(asked).hasValue(0);
    assertThat(trace).isNotNull().extracting(EventTrace::address).isEqualTo("192.0.2.1");
    recorder.drain(clock.nanoTime());
    assertThat(trace)
        .extracting(it -> it.address() + " " + it.address())
        .isEqualTo("192.0.2.2 192.0.2.2");
    assertThat(asked).hasValue(2);
  }

  @Test
  void filtersSelectRows() {
    publish("orders.1", "made");
    publish("orders.2", "paid");
    publish("news", "made");
    watch.on(new Observation.ConnectionOpened(ConsoleNode.APP, PEER));
    watch.on(new Observation.ConnectionOpened(ConsoleNode.OTHER, PEER));
    List<RowStream> streams = new ArrayList<>();
    for (String query :
        List.of(
            "",
            "channel=orders.*",
            "event=made",
            "kind=connect",
            "kind=publish,connect",
            "socket=1.2",
            "address=192.0.2.7",
            "channel=orders.*&event=made")) {
      streams.add(stream(query));
    }
    recorder.drain(clock.nanoTime());
    assertThat(streams)
        .extracting(stream -> stream.take().rows().size())
        .containsExactly(4, 2, 2, 1, 4, 1, 3, 1);
  }

  @Test
  void aWrongFilterIsRefused() {
    assertThat(RowFilter.parse("1", Query.parse("kind=publish,subscripe")))
        .isEqualTo(
            new Parsed.Bad<>(
                "kind is subscripe, but must be some of connect, close, refuse, subscribe,"
                    + " unsubscribe, signin, publish, client_event, drop, webhook, quota,"
                    + " occupied, vacated, member, request, reload"));
    assertThat(RowFilter.parse("1", Query.parse("channel=(")))
        .isEqualTo(new Parsed.Bad<>("channel is no regular expression in the syntax of RE2"));
  }

  @Test
  void aConnectionThatNamesAnAppIsItsRefusal() {
    RowStream stream = stream("");
    watch.on(
        new Observation.ConnectionRefused(
            ConsoleNode.APP.key(), "192.0.2.1", CloseCode.APP_DISABLED, "Application disabled"));
    watch.on(
        new Observation.ConnectionRefused(
            "no-key", "192.0.2.1", CloseCode.APP_UNKNOWN, "Unknown app key no-key"));
    assertThat(drained(stream)).hasSize(1);
  }

  @Test
  void textsAreShortAndEndpointsHaveNoSecrets() {
    RowStream stream = stream("");
    watch.on(
        new Observation.SubscriptionRefused(
            ConsoleNode.APP, "c".repeat(100_000), PEER, 400, "r".repeat(100_000)));
    watch.on(
        new Observation.WebhookDead(
            ConsoleNode.APP.id(), "https://user:pass@hooks.example/x?token=secret#f", 2, "500"));
    List<RowRing.Entry> rows = drained(stream);
    Row.Refused refused = (Row.Refused) rows.getFirst().row();
    assertThat(refused.channel()).hasSize(Row.MAX_CHARS + 1);
    assertThat(refused.reason()).hasSize(Row.MAX_CHARS + 1);
    assertThat(((Row.Webhook) rows.getLast().row()).endpoint())
        .isEqualTo("https://hooks.example/x");
  }

  @Test
  void aFastStreamShowsAnEvenSampleAndSaysHowManyItLeavesOut() {
    RowStream stream = stream("");
    for (int i = 0; i < 1_000; i++) {
      publish("c", "e" + i);
    }
    recorder.drain(clock.nanoTime());
    RowStream.Batch batch = stream.take();
    assertThat(batch.rows()).hasSize(RowStream.RATE);
    assertThat(batch.fast()).isEqualTo(800);
    assertThat(batch.slow()).isZero();
    assertThat(batch.rows())
        .extracting(entry -> entry.row().event())
        .startsWith("e0", "e5", "e10")
        .endsWith("e995");
    publish("c", "f");
    recorder.drain(clock.nanoTime());
    assertThat(stream.take()).isEqualTo(new RowStream.Batch(List.of(), 0, 1, 0, 1_001));
    clock.advance(Duration.ofSeconds(1));
    publish("c", "g");
    assertThat(drained(stream)).hasSize(1);
  }

  @Test
  void aReaderThatDoesNotReadIsSentTheNumberOfWhatItMissed() {
    RowStream stream = stream("");
    for (int i = 0; i < RowStream.MAX_WAITING + 7; i++) {
      publish("c", "e");
    }
    recorder.drain(clock.nanoTime());
    assertThat(stream.take().slow()).isEqualTo(7);
    assertThat(stream.take().slow()).isZero();
  }

  @Test
  void thereAreTwentyStreamsAtMost() {
    List<RowStream> streams = new ArrayList<>();
    for (int i = 0; i < RowStreams.MAX; i++) {
      streams.add(stream(""));
    }
    RowFilter any = ((Parsed.Ok<RowFilter>) RowFilter.parse("1", Query.parse(""))).value();
    assertThat(recorder.streams().open(any, StreamStart.FROM_NOW, recorder.moments())).isNull();
    streams.getFirst().close();
    assertThat(recorder.streams().open(any, StreamStart.FROM_NOW, recorder.moments())).isNotNull();
    recorder.retain(List.of());
    assertThat(recorder.streams().size()).isZero();
  }

  /// What was signed wrongly is counted in the memory of the console until it is forgotten.
  @Test
  void evidenceIsCountedInTheMemory() {
    for (int i = 0; i < Retrospect.REFUSALS + 20; i++) {
      refuse("x".repeat(100));
    }
    recorder.drain(clock.nanoTime());
    assertThat(share.used()).isEqualTo(Retrospect.REFUSALS * 200L);
    assertThat(recorder.retrospect().refusals(ConsoleNode.APP.id(), _ -> true))
        .allSatisfy(entry -> assertThat(((Row.Refused) entry.row()).evidence()).isNotNull());
    recorder.retain(List.of());
    assertThat(share.used()).isZero();
  }

  @Test
  void withoutMemoryThereIsARefusalWithoutEvidence() {
    assertThat(share.reserve(share.limit() - 100)).isTrue();
    refuse("x".repeat(100));
    recorder.drain(clock.nanoTime());
    assertThat(recorder.retrospect().refusals(ConsoleNode.APP.id(), _ -> true))
        .singleElement()
        .satisfies(entry -> assertThat(((Row.Refused) entry.row()).evidence()).isNull());
  }

  /// So that neither waiting rows nor streams hold more than the memory has.
  @Test
  void rowsThatDoNotFitAndStreamsHoldNoEvidence() {
    RowStream stream = stream("");
    for (int i = 0; i < Watch.MAX_ROWS + 20; i++) {
      refuse("x");
    }
    assertThat(share.used()).isEqualTo(2L * Watch.MAX_ROWS);
    assertThat(drained(stream))
        .isNotEmpty()
        .allSatisfy(entry -> assertThat(((Row.Refused) entry.row()).evidence()).isNull());
    assertThat(share.used()).isEqualTo(2L * Retrospect.REFUSALS);
  }

  private void refuse(String auth) {
    watch.on(
        new Observation.SubscriptionRefused(
            ConsoleNode.APP, "private-a", PEER, 401, "no", new GivenSignature(auth, null)));
  }
}
