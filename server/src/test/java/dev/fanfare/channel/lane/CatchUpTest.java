package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Archive;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.History;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Purge;
import dev.fanfare.history.Reader;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.history.Start;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The replay of events that are not in memory.
final class CatchUpTest {

  private static final ChannelName FEED =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("feed", 100)).value();

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, 1_000_000);
  private final ManualClock clock = new ManualClock();
  private final FakeSubscriber subscriber = new FakeSubscriber("1.1", lane);
  private final Audiences channel = new Audiences(FEED, 1) {};
  private final Subscription subscription = new Subscription.Plain(subscriber, channel, 9, null);

  /// No event with a higher id was dropped.
  private EventId lost = EventId.NONE;

  /// No event up to this one may be sent.
  private EventId purged = EventId.NONE;

  /// It is not known what a member was given.
  private boolean hasForgotten;

  private static StoredEvent event(int sequence) {
    Publication publication = new Publication(FEED, "e", "x", null, null, Origin.HTTP);
    return new StoredEvent(new EventId(1_000, sequence), publication, sequence, 0, true, "");
  }

  /// A log of which everything up to 5 is elsewhere.
  private final class Log implements EventLog, Archive {

    @Override
    public Archive archive() {
      return this;
    }

    @Override
    public Block read(long after, long through, long nowNs) {
      return after < 5 ? Block.ELSEWHERE : new Block(List.of(), 0);
    }

    @Override
    public Page page(long after, long nowNs) {
      return new Page(List.of(event(3), event(4)), 5, lost);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public @Nullable EventId idAt(long sequence) {
      return hasForgotten ? null : new EventId(1_000, sequence);
    }

    @Override
    public Decision decide(Question question, long through) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void seen(Identity identity, EventId confirmed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StoredEvent append(Publication publication, long sequence, long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void apply(HistoryRule rule, long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long rewind(int events, long maxAgeNs, long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Resumption resume(Departed.Claim claim, int most) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable StoredEvent newest(long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HistoryPage page(HistoryPage.Query query, long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public EventId purged() {
      return purged;
    }

    @Override
    public Purge purge(boolean withReaders, long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void expire(long nowNs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long dueNs() {
      throw new UnsupportedOperationException();
    }

    @Override
    public EventId close() {
      throw new UnsupportedOperationException();
    }
  }

  /// A member that was given everything before the second event.
  private CatchUp behind() {
    Subscription member = new Subscription.Plain(subscriber, channel, 1, null);
    return CatchUp.behind(member, new Log(), Outbound.stored(channel, event(2)), null, clock);
  }

  private void load(CatchUp catchUp) {
    assertThat(catchUp.next()).isInstanceOf(CatchUp.Next.Elsewhere.class);
    catchUp.load(() -> {});
    loop.runAll();
  }

  /// What is loaded and not sent yet must not be confirmed by an answer of the client.
  @Test
  void whatWasLoadedIsNotSentBeforeItIsTaken() {
    CatchUp catchUp = new CatchUp(new Log(), new Start(2, null, null, null, null), clock);
    catchUp.begin(subscription);
    load(catchUp);
    assertThat(catchUp.position()).isEqualTo(2);
    assertThat(catchUp.next()).isEqualTo(new CatchUp.Next.Kept(List.of(event(3), event(4))));
    assertThat(catchUp.position()).isEqualTo(5);
    assertThat(catchUp.next()).isNull();
  }

  @Test
  void aGapInTheArchiveIsReportedOnce() {
    aGapIsReportedOnce("1000-1");
  }

  @Test
  void aGapIsReportedIfItIsNotKnownWhatWasGivenBefore() {
    hasForgotten = true;
    aGapIsReportedOnce("0-0");
  }

  private void aGapIsReportedOnce(String after) {
    subscriber.mayMiss = true;
    lost = new EventId(1_000, 2);
    CatchUp catchUp = behind();
    load(catchUp);
    assertThat(catchUp.next())
        .isInstanceOfSatisfying(
            CatchUp.Next.Other.class,
            next ->
                assertThat(new String(next.outbound().utf8(), StandardCharsets.UTF_8))
                    .isEqualTo(
                        "{\"event\":\"fanfare:gap\",\"channel\":\"feed\",\"data\":\"{"
                            + "\\\"reason\\\":\\\"expired\\\",\\\"after\\\":\\\""
                            + after
                            + "\\\","
                            + "\\\"oldest\\\":\\\"1000-3\\\"}\"}"));
    assertThat(catchUp.next()).isEqualTo(new CatchUp.Next.Kept(List.of(event(3), event(4))));
    assertThat(catchUp.next()).isNull();
    assertThat(subscriber.gaps).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsLostIfOnlyOlderEventsWere(boolean isForgotten) {
    hasForgotten = isForgotten;
    lost = new EventId(1_000, 1);
    CatchUp catchUp = behind();
    load(catchUp);
    assertThat(catchUp.next()).isEqualTo(new CatchUp.Next.Kept(List.of(event(3), event(4))));
  }

  @Test
  void whatIsPurgedAfterItWasLoadedIsNotSent() {
    CatchUp catchUp = new CatchUp(new Log(), new Start(2, null, null, null, null), clock);
    catchUp.begin(subscription);
    load(catchUp);
    purged = new EventId(1_000, 3);
    assertThat(catchUp.next()).isEqualTo(new CatchUp.Next.Kept(List.of(event(4))));
    assertThat(catchUp.next()).isNull();
  }

  @Test
  void whatWasLostBeforeAPurgeIsNoGap() {
    subscriber.mayMiss = true;
    lost = new EventId(1_000, 2);
    CatchUp catchUp = behind();
    load(catchUp);
    purged = new EventId(1_000, 4);
    assertThat(catchUp.next()).isNull();
    assertThat(subscriber.gaps).isZero();
  }

  /// An engine's events have their sequences on this node since the first subscriber, and another
  /// decision about the channel may come before that. So the log does not know the sequence of what
  /// was replayed, and the client must be asked about it all the same.
  @Test
  void whatWasReplayedIsGivenAlsoIfTheLogDoesNotKnowItsSequence() {
    hasForgotten = true;
    EventLog log = new Log();
    HistoryRule rule = HistoryRule.DEFAULTS.withKeepEvents(9);
    Audiences kept =
        new Audiences(FEED, 1) {
          {
            setHistory(new History(rule, log, null));
          }
        };
    kept.countIn(0);
    Reader reader =
        new Departed(ResumeOptions.DEFAULTS, 150)
            .begin(
                "1",
                "feed",
                new Identity(Identity.Kind.TAG, "phone"),
                "1.1",
                null,
                new EventId(1_000, 2));
    Subscription resumed =
        Subscription.of(subscriber, kept, 9, null, new Start(2, null, reader, null, null), clock);
    lane.onJoin(resumed, resumed.replay());
    assertThat(resumed.given()).isEqualTo(new EventId(1_000, 2));
    loop.runAll();
    assertThat(resumed.replay()).isNull();
    assertThat(subscriber.received).hasSize(2);
    assertThat(resumed.given()).isEqualTo(new EventId(1_000, 4));
  }
}
