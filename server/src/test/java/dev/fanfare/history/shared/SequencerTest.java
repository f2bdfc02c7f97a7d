package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Entries that arrive doubled, late, in any order or not at all are passed on once and in order,
/// with the help of the engine, which keeps only the newest.
final class SequencerTest {

  private static final int PAGE = 16;
  private static final int SEEDS = 3_000;

  /// What a sequencer could do wrong.
  private enum Defect {
    NONE,
    /// An entry that arrives again is passed on again.
    DOUBLED,
    /// An entry is passed on without the one before.
    HOLE_IGNORED,
    /// After one page, nothing more is read.
    ONE_PAGE,
    /// If too many entries wait, the newest is dropped, and not read later.
    DROPPED,
  }

  /// A sequencer with a defect.
  private static final class Subject {
    private final Sequencer sequencer = new Sequencer();
    private final Defect defect;

    /// What it would know without noting that it has dropped something.
    private final TreeSet<EventId> waiting = new TreeSet<>();

    private boolean isMore;
    private final List<Arrival> again = new ArrayList<>();

    Subject(Defect defect) {
      this.defect = defect;
    }

    EventId begin(EventId head) {
      return sequencer.begin(head);
    }

    void offer(Arrival arrival) {
      EventId newest = sequencer.newest();
      if (newest != null && arrival.id().compareTo(newest) <= 0) {
        if (defect == Defect.DOUBLED) {
          again.add(arrival);
        }
      } else {
        await(arrival);
        sequencer.offer(
            defect == Defect.HOLE_IGNORED
                ? new Arrival(arrival.id(), EventId.NONE, arrival.event(), null)
                : arrival);
      }
    }

    private void await(Arrival arrival) {
      waiting.add(arrival.id());
      if (waiting.size() > Sequencer.MAX_WAITING) {
        var _ = waiting.pollLast();
      }
    }

    void doubt() {
      isMore = true;
      sequencer.doubt();
    }

    boolean mustRead() {
      return defect == Defect.DROPPED ? isMore || !waiting.isEmpty() : sequencer.mustRead();
    }

    @Nullable Arrival next() {
      if (!again.isEmpty()) {
        return again.removeFirst();
      }
      Arrival next = sequencer.next();
      if (next != null) {
        waiting.headSet(next.id(), true).clear();
      }
      return next;
    }

    /// Reads what the engine has after the newest entry.
    void read(List<Arrival> kept) {
      EventId after = sequencer.newest();
      assertThat(after).isNotNull();
      List<Arrival> found =
          kept.stream().filter(entry -> entry.id().compareTo(after) > 0).limit(PAGE).toList();
      isMore = found.size() == PAGE;
      found.forEach(this::await);
      sequencer.read(after, found, !isMore || defect == Defect.ONE_PAGE);
    }

    void take(List<EventId> taken) {
      Arrival next = next();
      while (next != null) {
        taken.add(next.id());
        next = next();
      }
    }
  }

  private static Publication event(long number) {
    return switch (ChannelName.parse("feed-7", 100)) {
      case Parsed.Ok<ChannelName>(ChannelName name) ->
          new Publication(name, "e", "" + number, null, null, Origin.HTTP);
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }

  /// Entries of the engine, by their number.
  private static List<Arrival> entries(int count) {
    List<Arrival> entries = new ArrayList<>();
    EventId before = EventId.NONE;
    for (int i = 1; i <= count; i++) {
      EventId id = new EventId(1_000 + i / 3, i % 3);
      entries.add(new Arrival(id, before, event(i)));
      before = id;
    }
    return entries;
  }

  @Test
  void everyEntryIsPassedOnOnceAndInOrder() {
    for (int seed = 0; seed < SEEDS; seed++) {
      run(seed, Defect.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDefectIsNoticed(Defect defect) {
    assertThatThrownBy(
            () -> {
              for (int seed = 0; seed < SEEDS; seed++) {
                run(seed, defect);
              }
            })
        .isInstanceOf(AssertionError.class);
  }

  /// In some runs nothing is lost, and nothing is read before the first entry comes as the last
  /// one. In all others the node doubts in the end, as it does when the engine is back.
  private static void run(int seed, Defect defect) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(400);
    List<Arrival> entries = entries(count);
    int head = random.nextInt(count + 1);
    boolean isFirstLate = random.nextInt(4) == 0 && head < count;
    Subject subject = new Subject(defect);
    EventId start = subject.begin(head == 0 ? EventId.NONE : entries.get(head - 1).id());
    List<EventId> taken = new ArrayList<>();
    List<Arrival> way = new ArrayList<>();
    for (int i = isFirstLate ? head + 1 : head; i < count; i++) {
      int copies = random.nextInt(4) == 0 ? random.nextInt(3) : 1;
      for (int copy = isFirstLate ? Math.min(0, copies - 1) : 0; copy < copies; copy++) {
        way.add(Math.max(0, way.size() - random.nextInt(8)), entries.get(i));
      }
      if (random.nextInt(3) == 0 && !way.isEmpty()) {
        subject.offer(way.removeFirst());
        subject.take(taken);
      }
      if (random.nextInt(20) == 0 && !isFirstLate && subject.mustRead()) {
        subject.read(entries.subList(0, i + 1));
        subject.take(taken);
      }
    }
    way.forEach(subject::offer);
    if (isFirstLate) {
      subject.offer(entries.get(head));
    } else {
      subject.doubt();
    }
    subject.take(taken);
    while (subject.mustRead()) {
      subject.read(entries);
      subject.take(taken);
    }
    assertThat(taken)
        .as("seed %d", seed)
        .isEqualTo(
            entries.stream().map(Arrival::id).filter(id -> id.compareTo(start) > 0).toList());
  }

  /// None arrives later that would show that the newest one is missing.
  @Test
  void whatDoesNotFitIsReadOnceTheHoleIsFilled() {
    List<Arrival> entries = entries(Sequencer.MAX_WAITING + 2);
    Subject subject = new Subject(Defect.NONE);
    var _ = subject.begin(EventId.NONE);
    entries.subList(1, entries.size()).forEach(subject::offer);
    subject.offer(entries.getFirst());
    List<EventId> taken = new ArrayList<>();
    subject.take(taken);
    assertThat(taken).hasSize(Sequencer.MAX_WAITING);
    while (subject.mustRead()) {
      subject.read(entries);
      subject.take(taken);
    }
    assertThat(taken).isEqualTo(entries.stream().map(Arrival::id).toList());
  }

  @Test
  void whatTheEngineNoLongerKeepsIsPassedOver() {
    List<Arrival> entries = entries(10);
    Subject subject = new Subject(Defect.NONE);
    var _ = subject.begin(EventId.NONE);
    subject.offer(entries.get(9));
    assertThat(subject.next()).isNull();
    assertThat(subject.mustRead()).isTrue();
    subject.read(entries.subList(6, 10));
    List<EventId> taken = new ArrayList<>();
    subject.take(taken);
    assertThat(taken).isEqualTo(entries.subList(6, 10).stream().map(Arrival::id).toList());
    assertThat(subject.mustRead()).isFalse();
  }

  @Test
  void anEngineThatLostEverythingHoldsNothingUp() {
    List<Arrival> entries = entries(10);
    Subject subject = new Subject(Defect.NONE);
    var _ = subject.begin(EventId.NONE);
    subject.offer(entries.get(9));
    subject.read(List.of());
    List<EventId> taken = new ArrayList<>();
    subject.take(taken);
    assertThat(taken).containsExactly(entries.get(9).id());
  }

  @Test
  void whatArrivesBeforeTheHeadIsKnownIsPassedOn() {
    List<Arrival> entries = entries(10);
    Subject subject = new Subject(Defect.NONE);
    subject.offer(entries.get(7));
    subject.offer(entries.get(8));
    assertThat(subject.begin(entries.get(8).id())).isEqualTo(entries.get(6).id());
    List<EventId> taken = new ArrayList<>();
    subject.take(taken);
    assertThat(taken).containsExactly(entries.get(7).id(), entries.get(8).id());
  }
}
