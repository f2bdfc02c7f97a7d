package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Reason;
import dev.fanfare.webhook.outbox.MemoryOutbox;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WarningLog;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An outbox is bounded in bytes, in memory and on disk, and neither an endpoint nor an app uses up
/// what the others need.
final class OutboxBoundsTest {

  private static final long MEGABYTE = 1 << 20;
  private static final String TEXT = "x".repeat(1_000);

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();

  private static Draft draft(String appId, String endpoint) {
    return new Draft(appId, endpoint, "c", 1_327_078_148_132L, TEXT);
  }

  /// Accepts events for an endpoint until one is refused.
  ///
  /// @return how many there were
  private static int flood(Outbox outbox, String appId, String endpoint) {
    Draft draft = draft(appId, endpoint);
    int accepted = 0;
    while (outbox.checkRoom(draft.target(), draft.bytes(), draft.bytes()) instanceof Parsed.Ok) {
      outbox.accept(List.of(draft));
      accepted++;
      assertThat(accepted).isLessThan(100_000);
    }
    return accepted;
  }

  @Test
  void memoryIsBoundedAndDividedBetweenEndpoints() {
    Share memory = Outboxes.memory(MEGABYTE);
    try (Outbox outbox = new MemoryOutbox(10, memory)) {
      int first = flood(outbox, "1", "a");
      int second = flood(outbox, "1", "b");
      int third = flood(outbox, "2", "c");
      assertThat(first * 1_200L).as("four fifths of three eighths").isBetween(290_000L, 315_000L);
      assertThat(second).isGreaterThan(first / 10);
      assertThat(third).isGreaterThan(first / 50);
      assertThat(memory.used()).isLessThan(MEGABYTE * 6 / 16);
      Draft next = draft("1", "a");
      assertThat(Reason.of(outbox.checkRoom(next.target(), next.bytes(), next.bytes())))
          .startsWith(first * next.bytes() + " bytes are waiting already, of ")
          .endsWith("of which every endpoint leaves a part to the others (webhook_memory_bytes)");
      outbox.delivered(Outboxes.pending(outbox));
      assertThat(memory.used()).as("after everything was delivered").isZero();
      assertThat(flood(outbox, "2", "c")).isEqualTo(first);
    }
  }

  private DurableOutbox open(DataFolder folder, Share memory) throws IOException {
    WebhookOptions options = WebhookOptions.DEFAULTS.withMaxDiskBytes(4 * MEGABYTE);
    return DurableOutbox.open(folder, options, memory, clock);
  }

  @Test
  void theDiskIsBoundedAndDividedBetweenEndpoints() throws IOException {
    DataFolder folder = new DataFolder(directory, "", clock::instant);
    Share memory = Outboxes.memory(MEGABYTE);
    int first;
    int second;
    try (DurableOutbox outbox = open(folder, memory)) {
      first = flood(outbox, "1", "a");
      second = flood(outbox, "1", "b");
      assertThat(first * 1_200L)
          .as("four fifths of three quarters")
          .isBetween(2_350_000L, 2_520_000L);
      assertThat(second).isGreaterThan(first / 10);
      assertThat(memory.used()).as("bytes in memory").isZero();
    }
    try (DurableOutbox again = open(folder, memory)) {
      Draft next = draft("1", "a");
      assertThat(Reason.of(again.checkRoom(next.target(), next.bytes(), next.bytes())))
          .contains(" bytes are waiting already, of ")
          .endsWith("(max_disk_bytes)");
      assertThat(again.counts().pending()).isEqualTo(first + second);
      assertThat(flood(again, "2", "c")).isGreaterThan(first / 50);
    }
  }

  @Test
  void memoryIsBoundedWhileTheDiskFails() throws IOException {
    Share memory = Outboxes.memory(MEGABYTE);
    try (FailingDisk disk = FailingDisk.open();
        WarningLog warnings = WarningLog.open()) {
      DataFolder folder = new DataFolder(directory, FailingDisk.SCHEME, clock::instant);
      try (DurableOutbox outbox = open(folder, memory)) {
        List<Entry> before = outbox.accept(List.of(draft("1", "a"), draft("1", "b")));
        disk.fill();
        int first = flood(outbox, "1", "a");
        assertThat(first * 1_200L).as("four fifths of a quarter").isBetween(190_000L, 211_000L);
        assertThat(flood(outbox, "2", "b")).isGreaterThan(first / 10);
        assertThat(memory.used()).isBetween(200_000L, MEGABYTE / 4);
        assertThat(outbox.find(before.get(1).id())).as("on the disk").isEqualTo(before.get(1));
        outbox.dead(before, 77, "HTTP 500");
        outbox.dead(Outboxes.pending(outbox), 77, "HTTP 500");
        assertThat(outbox.counts().deadLetters()).isBetween(20, 200);
        assertThat(memory.used()).isLessThan(MEGABYTE / 8);
        disk.clear();
        clock.advance(Duration.ofSeconds(10));
        outbox.maintain();
        assertThat(outbox.isDurable()).isTrue();
        assertThat(memory.used()).as("once the disk works").isZero();
      }
      assertThat(warnings.lines()).isNotEmpty();
    }
  }

  @Test
  void oneAppsDeadLettersPushOutNoOthers() throws IOException {
    DataFolder folder = new DataFolder(directory, "", clock::instant);
    try (Outbox inMemory = new MemoryOutbox(20, Outboxes.memory());
        Outbox onDisk =
            DurableOutbox.open(
                folder, WebhookOptions.DEFAULTS.withMaxDeadLetters(20), Outboxes.memory(), clock)) {
      for (Outbox outbox : List.of(inMemory, onDisk)) {
        outbox.dead(outbox.accept(List.of(draft("2", "b"))), 77, "HTTP 500");
        for (int i = 0; i < 50; i++) {
          outbox.dead(outbox.accept(List.of(draft("1", "a"))), 77, "HTTP 500");
        }
        assertThat(outbox.counts().deadLetters()).isEqualTo(20);
        assertThat(outbox.deadLetters("2", 0, 99)).hasSize(1);
        List<DeadLetter> kept = outbox.deadLetters("1", 0, 99);
        assertThat(kept).extracting(letter -> letter.entry().id()).first().isEqualTo(33L);
      }
    }
  }

  @Test
  void deadLettersAreBoundedInBytes() throws IOException {
    DataFolder folder = new DataFolder(directory, "", clock::instant);
    try (DurableOutbox outbox = open(folder, Outboxes.memory())) {
      for (int i = 0; i < 10; i++) {
        outbox.dead(outbox.accept(Collections.nCopies(100, draft("1", "a"))), 77, "x");
      }
      assertThat(outbox.counts().deadLetters() * 1_270L)
          .isBetween(MEGABYTE / 2 - 10_000, MEGABYTE / 2 + 10_000);
      assertThat(outbox.deadLetters("1", 0, 9_999)).hasSize(outbox.counts().deadLetters());
    }
  }
}
