package dev.fanfare.history.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.history.EventId;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queue of the thread that writes history: bounded, and in order.
final class HistoryWriterTest {

  @TempDir private Path folder;

  private HistoryWriter writer() {
    return new HistoryWriter(InstantSource.system(), NanoClock.SYSTEM, 0);
  }

  private RuleLog log() {
    return new RuleLog(folder, 1L << 30, 1_000, () -> {});
  }

  private static SegmentRecord cursor(int number) {
    return new SegmentRecord.Cursor(
        "feed", "d:" + number, EventId.NONE, InstantSource.system().millis());
  }

  @Test
  void itIsFullByNumber() {
    HistoryWriter writer = writer(); // not started
    RuleLog log = log();
    for (int i = 0; i < HistoryWriter.MAX_RECORDS; i++) {
      assertThat(writer.checkRoom()).isEqualTo(Parsed.PASSED);
      writer.offer(log, cursor(i), 1);
    }
    assertThat(writer.checkRoom())
        .isEqualTo(
            new Parsed.Bad<>("65536 events wait to be written to the disk, the limit is 65536"));
  }

  @Test
  void itIsFullByBytes() {
    HistoryWriter writer = writer(); // not started
    writer.offer(log(), cursor(1), (int) HistoryWriter.MAX_BYTES);
    assertThat(writer.checkRoom())
        .isEqualTo(
            new Parsed.Bad<>(
                "events that wait to be written to the disk take 8388608 bytes, the limit is"
                    + " 8388608"));
  }

  @Test
  void whatWaitsIsWrittenInOrderAndThereIsRoomAgain() throws IOException {
    HistoryWriter writer = writer();
    RuleLog log = log();
    writer.add(log);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      writer.offer(log, cursor(i), 10_000);
      expected.add("d:" + i);
    }
    CompletableFuture<Boolean> written = writer.written();
    assertThat(writer.checkRoom()).isInstanceOf(Parsed.Bad.class);
    writer.start();
    assertThat(written.join()).isTrue();
    assertThat(writer.checkRoom()).isEqualTo(Parsed.PASSED);
    writer.close();
    assertThat(readers()).isEqualTo(expected);
  }

  private List<String> readers() throws IOException {
    List<String> found = new ArrayList<>();
    try (SegmentLog again = SegmentLog.open(folder, 1L << 30)) {
      again.others(
          "feed",
          each -> {
            found.addFirst(((SegmentRecord.Cursor) each).reader());
            return true;
          });
    }
    return found;
  }

  @Test
  void allWhoWaitForOneWriteShareIt() {
    HistoryWriter writer = writer(); // not started
    RuleLog log = log();
    writer.offer(log, cursor(1), 1);
    CompletableFuture<Boolean> first = writer.written();
    writer.offer(log, cursor(2), 1);
    assertThat(writer.written()).isSameAs(first);
    writer.start();
    assertThat(first.join()).isTrue();
    assertThat(writer.written()).isNotSameAs(first);
    writer.close();
  }

  @Test
  void whatIsNotWaitedForIsWrittenSoonAllTheSame() throws IOException {
    HistoryWriter writer = writer();
    RuleLog log = log();
    writer.add(log);
    writer.start();
    assertThat(writer.written().join()).isTrue();
    writer.offer(log, cursor(1), 1);
    SegmentLog segments = log.open();
    await().until(() -> segments.size() > 0);
    writer.offer(log, cursor(2), 1);
    writer.close();
    assertThat(readers()).containsExactly("d:1", "d:2");
  }
}
