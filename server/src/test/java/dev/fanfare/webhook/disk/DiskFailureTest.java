package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxContract;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WarningLog;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fills up while the server runs: nothing is lost while the process runs, and
/// everything is written as soon as there is space.
final class DiskFailureTest {

  private static final Duration RETRY = Duration.ofSeconds(10);

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final FailingDisk disk = FailingDisk.open();
  private final WarningLog warnings = WarningLog.open();

  @BeforeEach
  @AfterEach
  void clearDisk() {
    disk.clear();
  }

  @AfterEach
  void close() {
    disk.close();
    warnings.close();
  }

  private DurableOutbox open() throws IOException {
    DataFolder folder = new DataFolder(directory, FailingDisk.SCHEME, clock::instant);
    return DurableOutbox.open(
        folder, WebhookOptions.DEFAULTS.withMaxDeadLetters(100), Outboxes.memory(), clock);
  }

  @Test
  void aFullDiskIsBridgedInMemoryAndThenCaughtUp() throws IOException {
    List<Entry> before;
    List<Entry> during;
    try (DurableOutbox outbox = open()) {
      before = OutboxContract.accept(outbox, "1", "a", "b");
      disk.fill();
      during = OutboxContract.accept(outbox, "1", "c", "d", "e");
      assertThat(outbox.isDurable()).isFalse();
      outbox.delivered(before.subList(0, 1));
      outbox.dead(during.subList(0, 1), 77, "HTTP 500");
      assertThat(outbox.counts()).isEqualTo(new Counts(5, 1, 1, 3, 1));

      disk.clear();
      outbox.maintain();
      assertThat(outbox.isDurable()).as("before it is due").isFalse();
      clock.advance(RETRY);
      outbox.maintain();
      assertThat(outbox.isDurable()).isTrue();
      outbox.delivered(during.subList(1, 2));
    }
    try (DurableOutbox again = open()) {
      assertThat(Outboxes.pending(again)).containsExactly(before.get(1), during.get(2));
      assertThat(again.deadLetters("1", 0, 9)).hasSize(1);
      assertThat(again.counts()).isEqualTo(new Counts(5, 2, 1, 2, 1));
    }
  }

  @Test
  void closingTriesTheDiskOnceMore() throws IOException {
    Entry entry;
    try (DurableOutbox outbox = open()) {
      disk.fill();
      entry = OutboxContract.accept(outbox, "1", "a").getFirst();
      disk.clear();
    }
    try (DurableOutbox again = open()) {
      assertThat(Outboxes.pending(again)).containsExactly(entry);
    }
  }

  @Test
  void idsAssignedWithoutADiskAreNotReused() throws IOException {
    long lost;
    try (DurableOutbox outbox = open()) {
      OutboxContract.accept(outbox, "1", "a");
      disk.fill();
      lost = OutboxContract.accept(outbox, "1", "b").getFirst().id();
    }
    disk.clear();
    try (DurableOutbox again = open()) {
      assertThat(Outboxes.pending(again)).hasSize(1);
      assertThat(OutboxContract.accept(again, "1", "c").getFirst().id()).isGreaterThan(lost);
    }
  }

  @Test
  void aServerThatCannotWriteDoesNotStart() throws IOException {
    disk.fill();
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be used: No space left on device. Choose another folder");
    disk.clear();
    open().close();
    assertThat(warnings.lines()).isEmpty();
  }

  @Test
  void aFailureIsLoggedOnceAMinute() throws IOException {
    try (DurableOutbox outbox = open()) {
      disk.fill();
      OutboxContract.accept(outbox, "1", "a");
      OutboxContract.accept(outbox, "1", "b");
      assertThat(warnings.lines())
          .containsExactly(
              "cannot write webhooks to "
                  + directory.resolve("outbox.mv")
                  + ": No space left on device. 1 pending webhooks and 0 dead letters are in memory"
                  + " only and will be lost when this process stops; retrying the disk every 10 s");
      for (int i = 0; i < 5; i++) {
        clock.advance(RETRY);
        outbox.maintain();
      }
      assertThat(warnings.lines()).hasSize(1);
      clock.advance(RETRY);
      outbox.maintain();
      assertThat(warnings.lines()).hasSize(2);
      assertThat(warnings.lines().getLast()).contains(" 2 pending webhooks and 0 dead letters ");

      disk.clear();
      clock.advance(RETRY);
      outbox.maintain();
      assertThat(outbox.isDurable()).isTrue();
      assertThat(warnings.lines()).hasSize(2);
      clock.advance(Duration.ofMinutes(1));
      outbox.maintain();
      assertThat(warnings.lines().getLast())
          .isEqualTo(
              "webhooks are written to "
                  + directory.resolve("outbox.mv")
                  + " again, including those it missed");
    }
  }
}
