package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Entries that arrive doubled, late, in any order or not at all are passed on once and in order,
/// with the help of the engine, which keeps only the newest.
final class SequencerTest {

  private static final int PAGE = 16;

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

  /// What the engine answers.
  private static void read(Sequencer sequencer, List<Arrival> kept) {
    EventId after = sequencer.newest();
    assertThat(after).isNotNull();
    List<Arrival> found =
        kept.stream().filter(entry -> entry.id().compareTo(after) > 0).limit(PAGE).toList();
    sequencer.read(after, found, found.size() < PAGE);
  }

  private static void take(Sequencer sequencer, List<EventId> taken) {
    Arrival next = sequencer.next();
    while (next != null) {
      taken.add(next.id());
      next = sequencer.next();
    }
  }

  @Test
  void everyEntryIsPassedOnOnceAndInOrder() {
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      int count = 1 + random.nextInt(400);
      List<Arrival> entries = entries(count);
      int head = random.nextInt(count + 1);
      Sequencer sequencer = new Sequencer();
      EventId start = sequencer.begin(head == 0 ? EventId.NONE : entries.get(head - 1).id());
      List<EventId> taken = new ArrayList<>();
      List<Arrival> way = new ArrayList<>();
      for (int i = head; i < count; i++) {
        int copies = random.nextInt(4) == 0 ? random.nextInt(3) : 1;
        for (int copy = 0; copy < copies; copy++) {
          way.add(Math.max(0, way.size() - random.nextInt(8)), entries.get(i));
        }
        if (random.nextInt(3) == 0 && !way.isEmpty()) {
          sequencer.offer(way.removeFirst());
          take(sequencer, taken);
        }
        if (random.nextInt(20) == 0 && sequencer.mustRead()) {
          read(sequencer, entries.subList(0, i + 1));
          take(sequencer, taken);
        }
      }
      way.forEach(sequencer::offer);
      take(sequencer, taken);
      sequencer.doubt();
      while (sequencer.mustRead()) {
        read(sequencer, entries);
        take(sequencer, taken);
      }
      assertThat(taken)
          .as("seed %d", seed)
          .isEqualTo(
              entries.stream().map(Arrival::id).filter(id -> id.compareTo(start) > 0).toList());
    }
  }

  @Test
  void whatTheEngineNoLongerKeepsIsPassedOver() {
    List<Arrival> entries = entries(10);
    Sequencer sequencer = new Sequencer();
    var _ = sequencer.begin(EventId.NONE);
    sequencer.offer(entries.get(9));
    assertThat(sequencer.next()).isNull();
    assertThat(sequencer.mustRead()).isTrue();
    read(sequencer, entries.subList(6, 10));
    List<EventId> taken = new ArrayList<>();
    take(sequencer, taken);
    assertThat(taken).isEqualTo(entries.subList(6, 10).stream().map(Arrival::id).toList());
    assertThat(sequencer.mustRead()).isFalse();
  }

  @Test
  void anEngineThatLostEverythingHoldsNothingUp() {
    List<Arrival> entries = entries(10);
    Sequencer sequencer = new Sequencer();
    var _ = sequencer.begin(EventId.NONE);
    sequencer.offer(entries.get(9));
    read(sequencer, List.of());
    List<EventId> taken = new ArrayList<>();
    take(sequencer, taken);
    assertThat(taken).containsExactly(entries.get(9).id());
  }

  @Test
  void whatArrivesBeforeTheHeadIsKnownIsPassedOn() {
    List<Arrival> entries = entries(10);
    Sequencer sequencer = new Sequencer();
    sequencer.offer(entries.get(7));
    sequencer.offer(entries.get(8));
    assertThat(sequencer.begin(entries.get(8).id())).isEqualTo(entries.get(6).id());
    List<EventId> taken = new ArrayList<>();
    take(sequencer, taken);
    assertThat(taken).containsExactly(entries.get(7).id(), entries.get(8).id());
  }
}
