package dev.fanfare.webhook.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The behaviour of every outbox, in memory and on disk.
public abstract class OutboxContract {

  public static final int MAX_DEAD_LETTERS = 5;

  private Outbox outbox = Outboxes.inMemory(MAX_DEAD_LETTERS);

  /// A fresh outbox that keeps [#MAX_DEAD_LETTERS] dead letters.
  protected abstract Outbox open() throws IOException;

  @BeforeEach
  protected void openOutbox() throws IOException {
    outbox = open();
  }

  @AfterEach
  protected void closeOutbox() {
    outbox.close();
  }

  /// The outbox of this test.
  protected Outbox outbox() {
    return outbox;
  }

  public static Draft draft(String appId, String channel) {
    String event = "{\"name\":\"channel_occupied\",\"channel\":\"" + channel + "\"}";
    return new Draft(appId, "https://app.example/hook", channel, 1_327_078_148_132L, event);
  }

  /// Accepts one draft for each channel.
  public static List<Entry> accept(Outbox outbox, String appId, String... channels) {
    List<Draft> drafts = new ArrayList<>();
    for (String channel : channels) {
      drafts.add(draft(appId, channel));
    }
    return outbox.accept(drafts);
  }

  /// Replays dead letters and returns the new entries.
  protected static List<Entry> replay(Outbox outbox, Selection selection, long nowMs) {
    List<Entry> entries = new ArrayList<>();
    int count = outbox.replay(selection, nowMs, entries::addAll);
    assertThat(entries).hasSize(count);
    return entries;
  }

  private static List<Long> ids(List<DeadLetter> letters) {
    return letters.stream().map(letter -> letter.entry().id()).toList();
  }

  @Test
  void acceptedEntriesArePendingInOrder() {
    List<Entry> first = accept(outbox, "1", "a", "b");
    List<Entry> second = accept(outbox, "2", "c");
    assertThat(first).extracting(Entry::draft).containsExactly(draft("1", "a"), draft("1", "b"));
    assertThat(Outboxes.pending(outbox))
        .containsExactly(first.get(0), first.get(1), second.getFirst());
    assertThat(Outboxes.pending(outbox)).extracting(Entry::id).isSorted().doesNotHaveDuplicates();
    assertThat(outbox.counts()).isEqualTo(new Counts(3, 0, 0, 3, 0));
  }

  @Test
  void acceptingNothingIsAllowed() {
    assertThat(outbox.accept(List.of())).isEmpty();
    assertThat(outbox.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0));
  }

  @Test
  void whatIsHandedOverCountsNoMore() {
    List<Entry> entries = accept(outbox, "1", "a", "b", "c");
    outbox.delivered(entries.subList(0, 1));
    outbox.handedOver(entries.subList(0, 2));
    assertThat(Outboxes.pending(outbox)).containsExactly(entries.getLast());
    assertThat(outbox.counts()).isEqualTo(new Counts(2, 1, 0, 1, 0));
  }

  @Test
  void pendingEntriesOfAnAppAreListedInPages() {
    List<Entry> entries = accept(outbox, "1", "a", "b", "c");
    accept(outbox, "2", "d");
    assertThat(outbox.pending("1", 0, 2)).isEqualTo(entries.subList(0, 2));
    assertThat(outbox.pending("1", entries.get(1).id(), 2)).isEqualTo(entries.subList(2, 3));
    assertThat(outbox.pending("3", 0, 2)).isEmpty();
  }

  @Test
  void deliveredEntriesAreRemovedAndCountedOnce() {
    List<Entry> entries = accept(outbox, "1", "a", "b");
    outbox.delivered(entries.subList(0, 1));
    outbox.delivered(entries.subList(0, 1));
    assertThat(Outboxes.pending(outbox)).containsExactly(entries.get(1));
    assertThat(outbox.counts()).isEqualTo(new Counts(2, 1, 0, 1, 0));
  }

  @Test
  void undeliveredEntriesBecomeDeadLetters() {
    List<Entry> entries = accept(outbox, "1", "a", "b");
    outbox.dead(entries, 77, "HTTP 500");
    outbox.dead(entries, 78, "again");
    outbox.delivered(entries);
    assertThat(Outboxes.pending(outbox)).isEmpty();
    DeadLetter letter = new DeadLetter(entries.getFirst(), 77, 0, "HTTP 500");
    assertThat(outbox.deadLetters("1", 0, 1)).containsExactly(letter);
    assertThat(outbox.deadLetter("1", entries.getFirst().id())).contains(letter);
    assertThat(ids(outbox.deadLetters("1", entries.getFirst().id(), 9)))
        .containsExactly(entries.get(1).id());
    assertThat(outbox.counts()).isEqualTo(new Counts(2, 0, 2, 0, 2));
  }

  @Test
  void attemptsAreCountedUntilAnEntryIsSettled() {
    List<Entry> entries = accept(outbox, "1", "a", "b", "c");
    assertThat(outbox.attempted(entries)).isEqualTo(1);
    assertThat(outbox.attempted(entries.subList(0, 1))).isEqualTo(2);
    outbox.delivered(entries.subList(1, 2));
    assertThat(outbox.attempted(entries)).isEqualTo(3);
    assertThat(outbox.attempted(entries.subList(1, 2))).as("delivered").isZero();
    outbox.dead(entries.subList(0, 1), 77, "HTTP 500");
    assertThat(outbox.deadLetter("1", entries.getFirst().id()).orElseThrow().attempts())
        .isEqualTo(3);
    assertThat(outbox.attempts(entries.get(0).id())).isZero();
    assertThat(outbox.attempts(entries.get(2).id())).isEqualTo(2);
    Entry replayed = outbox.replay("1", entries.getFirst().id(), 99).orElseThrow();
    assertThat(outbox.attempts(replayed.id())).isZero();
  }

  @Test
  void otherAppsSeeNoneOfIt() {
    List<Entry> entries = accept(outbox, "1", "a");
    outbox.dead(entries, 77, "HTTP 500");
    long id = entries.getFirst().id();
    assertThat(outbox.deadLetters("2", 0, 9)).isEmpty();
    assertThat(outbox.deadLetter("2", id)).isEmpty();
    assertThat(outbox.replay("2", id, 99)).isEmpty();
    assertThat(outbox.purge("2")).isZero();
    assertThat(outbox.deadLetter("1", id)).isPresent();
  }

  @Test
  void theOldestDeadLettersAreRemoved() {
    List<Entry> entries = accept(outbox, "1", "a", "b", "c", "d", "e", "f", "g");
    entries.forEach(entry -> outbox.dead(List.of(entry), 77, "HTTP 500"));
    assertThat(ids(outbox.deadLetters("1", 0, 99)))
        .isEqualTo(entries.subList(2, 7).stream().map(Entry::id).toList());
    assertThat(outbox.counts()).isEqualTo(new Counts(7, 0, 7, 0, MAX_DEAD_LETTERS));
  }

  @Test
  void aReplayIsANewEntryWithTheCurrentTime() {
    Entry old = accept(outbox, "1", "a").getFirst();
    outbox.dead(List.of(old), 77, "HTTP 500");
    Entry replayed = outbox.replay("1", old.id(), 99).orElseThrow();
    assertThat(replayed.id()).isGreaterThan(old.id());
    Draft was = old.draft();
    assertThat(replayed.draft())
        .isEqualTo(new Draft("1", was.endpoint(), was.channel(), 99, was.event()));
    assertThat(Outboxes.pending(outbox)).containsExactly(replayed);
    assertThat(outbox.deadLetters("1", 0, 9)).isEmpty();
    assertThat(outbox.replay("1", old.id(), 99)).isEmpty();
    assertThat(outbox.counts()).isEqualTo(new Counts(2, 0, 1, 1, 0));
  }

  @Test
  void aPurgeDeletesTheDeadLettersOfOneApp() {
    List<Entry> mine = accept(outbox, "1", "a", "b");
    List<Entry> others = accept(outbox, "2", "c");
    outbox.dead(mine, 77, "HTTP 500");
    outbox.dead(others, 77, "HTTP 500");
    assertThat(outbox.purge("1")).isEqualTo(2);
    assertThat(outbox.purge("1")).isZero();
    assertThat(outbox.deadLetters("2", 0, 9)).hasSize(1);
    assertThat(outbox.counts()).isEqualTo(new Counts(3, 0, 3, 0, 1));
  }

  @Test
  void someDeadLettersAreListedReplayedAndPurged() {
    List<Entry> entries =
        outbox.accept(
            List.of(
                draft("https://a.example", 100),
                draft("https://a.example", 200),
                draft("https://b.example", 200),
                draft("https://a.example", 300)));
    outbox.attempted(entries);
    outbox.dead(entries, 900, "HTTP 500");
    Selection some = new Selection("1", "https://a.example", 200, 300);
    Selection late = new Selection("1", null, 300, Long.MAX_VALUE);
    assertThat(ids(outbox.deadLetters(some, 0, 9))).containsExactly(entries.get(1).id());
    assertThat(replay(outbox, new Selection("2", null, 0, 999), 1_000)).isEmpty();

    List<Entry> replayed = replay(outbox, some, 1_000);
    assertThat(replayed)
        .extracting(Entry::draft)
        .containsExactly(draft("https://a.example", 1_000));
    assertThat(Outboxes.pending(outbox)).isEqualTo(replayed);
    assertThat(outbox.pending(late, 0, 9)).isEqualTo(replayed);
    assertThat(outbox.purge(late)).isEqualTo(1);
    assertThat(ids(outbox.deadLetters("1", 0, 9)))
        .containsExactly(entries.get(0).id(), entries.get(2).id());
    assertThat(replay(outbox, Selection.ofApp("1"), 1_000)).hasSize(2);
    assertThat(outbox.counts()).isEqualTo(new Counts(7, 0, 4, 3, 0));
  }

  private static Draft draft(String endpoint, long createdMs) {
    return new Draft("1", endpoint, "a", createdMs, "{}");
  }

  @Test
  void idsAreUniqueAcrossThreads() throws InterruptedException {
    Set<Long> ids = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int n = 0; n < 50; n++) {
                  List<Entry> entries = accept(outbox, "1", "a", "b");
                  entries.forEach(entry -> ids.add(entry.id()));
                  outbox.delivered(entries.subList(0, 1));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ids).hasSize(400);
    assertThat(outbox.counts()).isEqualTo(new Counts(400, 200, 0, 200, 0));
  }
}
