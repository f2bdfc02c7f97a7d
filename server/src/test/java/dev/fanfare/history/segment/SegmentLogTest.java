package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A log of segments, compared with a list, and with its files cut and changed at every byte.
final class SegmentLogTest {

  private static final long START_MS = 1_764_270_000_000L;
  private static final long KEEP_SECONDS = 160; // a segment ends after 10 s
  private static final long DISK_BYTES = 1 << 20;
  private static final List<String> CHANNELS = List.of("feed", "private-7", "presence-room");

  @TempDir Path folder;
  private long nowMs = START_MS;

  private static Publication publication(String channel, String data) {
    ChannelName name =
        ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, Integer.MAX_VALUE)).value();
    return new Publication(name, "e", data, null, "1.2", Origin.HTTP);
  }

  private SegmentRecord.Event event(String channel, String data, long sequence) {
    return new SegmentRecord.Event(
        new EventId(nowMs, sequence), sequence, publication(channel, data), true, "");
  }

  private SegmentLog open() throws IOException {
    return SegmentLog.open(folder, DISK_BYTES);
  }

  private static List<SegmentRecord> events(SegmentLog log, String channel) throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.events(
        channel,
        event -> {
          found.addFirst(event);
          return true;
        });
    return found;
  }

  private static List<SegmentRecord> eventsAfter(SegmentLog log, long after, String channel)
      throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.eventsAfter(
        after,
        channel,
        event -> {
          found.add(event);
          return true;
        });
    return found;
  }

  private static List<SegmentRecord> others(SegmentLog log, String channel) throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.others(
        channel,
        other -> {
          found.addFirst(other);
          return true;
        });
    return found;
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Test
  void everyFieldComesBack() throws IOException {
    Publication full = KeptFilesTest.full();
    List<SegmentRecord> records =
        List.of(
            new SegmentRecord.Event(new EventId(START_MS, 3), 1L << 60, full, false, "_id"),
            new SegmentRecord.Event(
                new EventId(START_MS, 4),
                7,
                new Publication(full.channel(), "e", "", null, null, Origin.HTTP),
                true,
                ""));
    List<SegmentRecord> others =
        List.of(
            new SegmentRecord.Cursor("presence-x", "d:phone", new EventId(5, 6), START_MS),
            new SegmentRecord.Purge("presence-x", new EventId(7, 8), START_MS + 1, false),
            new SegmentRecord.Purge("presence-x", new EventId(7, 9), START_MS + 2, true));
    for (boolean isReopened : new boolean[] {false, true}) {
      try (SegmentLog log = open()) {
        if (!isReopened) {
          log.append(records, KEEP_SECONDS, nowMs);
          log.append(others, KEEP_SECONDS, nowMs);
        }
        assertThat(events(log, "presence-x")).isEqualTo(records);
        assertThat(others(log, "presence-x")).isEqualTo(others);
        assertThat(log.lastId()).isEqualTo(new EventId(START_MS, 4));
        assertThat(log.lastSequence()).isEqualTo(1L << 60);
        assertThat(log.damages()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theIndexFindsWhatAScanFinds(long seed) throws IOException {
    Random random = new Random(seed);
    List<SegmentRecord> all = new ArrayList<>();
    SegmentLog log = open();
    for (int step = 1; step <= 400; step++) {
      nowMs += random.nextInt(200);
      String channel = CHANNELS.get(random.nextInt(3));
      SegmentRecord next =
          random.nextInt(5) == 0
              ? new SegmentRecord.Cursor(channel, "d:" + random.nextInt(3), EventId.NONE, nowMs)
              : event(channel, "x".repeat(random.nextInt(3_000)), step);
      log.append(List.of(next), KEEP_SECONDS, nowMs);
      all.add(next);
      if (random.nextInt(50) == 0) {
        log.maintain(KEEP_SECONDS, nowMs);
        log.close();
        log = open();
      }
    }
    assertThat(files(".index")).hasSizeGreaterThan(1);
    for (String channel : CHANNELS) {
      for (long after : new long[] {-1, 0, 100, 201, 202, 203, 399, 400, 401}) {
        assertThat(eventsAfter(log, after, channel))
            .isEqualTo(
                events(log, channel).stream()
                    .filter(each -> ((SegmentRecord.Event) each).sequence() > after)
                    .toList());
      }
      List<SegmentRecord> ofChannel =
          all.stream().filter(each -> each.channel().equals(channel)).toList();
      assertThat(events(log, channel))
          .isEqualTo(
              ofChannel.stream().filter(each -> each instanceof SegmentRecord.Event).toList());
      assertThat(others(log, channel))
          .isEqualTo(
              ofChannel.stream().filter(each -> each instanceof SegmentRecord.Cursor).toList());
    }
    assertThat(events(log, "unknown")).isEmpty();
    log.close();
  }

  @Test
  void aLargeLastSegmentThatHasEndedIsNotReadAtTheStart() throws IOException {
    try (SegmentLog log = SegmentLog.open(folder, 1L << 30)) {
      log.append(List.of(event("feed", "1", 1)), KEEP_SECONDS, nowMs);
      log.end();
      assertThat(files(".index")).isEmpty(); // it is small
      log.append(List.of(event("feed", "x".repeat(3 << 20), 2)), KEEP_SECONDS, nowMs);
      log.end();
      assertThat(files(".index")).hasSize(1);
      log.end();
    }
    try (SegmentLog log = SegmentLog.open(folder, 1L << 30)) {
      log.append(List.of(event("feed", "3", 3)), KEEP_SECONDS, nowMs);
      assertThat(files(".segment")).hasSize(2);
      assertThat(events(log, "feed")).hasSize(3);
    }
  }

  @Test
  void wholeSegmentsAreDroppedWhenTheirTimeIsOver() throws IOException {
    try (SegmentLog log = open()) {
      for (int i = 1; i <= 100; i++) {
        log.append(List.of(event("feed", "" + i, i)), KEEP_SECONDS, nowMs);
        log.maintain(KEEP_SECONDS, nowMs);
        nowMs += 5_000;
      }
      List<SegmentRecord> kept = events(log, "feed");
      assertThat(kept).last().isEqualTo(at(kept, START_MS + 99 * 5_000));
      // 160 seconds are 32 events, and the last of 16 parts may be dropped later.
      assertThat(kept).hasSizeBetween(32, 36);
      assertThat(log.droppedThrough().ms()).isBetween(START_MS, nowMs - 160_000);
      assertThat(log.cutShort()).isZero();
      assertThat(files(".segment")).hasSizeLessThanOrEqualTo(18);
      nowMs += 1_000_000;
      log.maintain(KEEP_SECONDS, nowMs);
      assertThat(events(log, "feed")).isEmpty();
      assertThat(log.size()).isZero();
    }
  }

  private static SegmentRecord at(List<SegmentRecord> records, long ms) {
    return records.stream()
        .filter(each -> each instanceof SegmentRecord.Event event && event.id().ms() == ms)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theOldestSegmentGoesWhenAllTakeTooManyBytes() throws IOException {
    try (SegmentLog log = open()) {
      for (int i = 1; i <= 300; i++) {
        log.append(List.of(event("feed", "x".repeat(10_000), i)), 1_000_000, nowMs);
        log.maintain(1_000_000, nowMs);
        assertThat(log.size()).isLessThanOrEqualTo(DISK_BYTES);
      }
      assertThat(log.cutShort()).isPositive();
      assertThat(events(log, "feed")).hasSizeGreaterThan(90);
    }
  }

  @Test
  void onlyThisUserMayReadTheFiles() throws IOException {
    try (SegmentLog log = open()) {
      log.append(List.of(event("feed", "1", 1)), KEEP_SECONDS, nowMs);
      log.maintain(KEEP_SECONDS, nowMs + 20_000);
    }
    assertThat(files(""))
        .hasSize(2)
        .allSatisfy(path ->
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------"));
  }

  /// What a log of three segments consists of.
  private record Small(List<Path> files, List<List<SegmentRecord>> segments) {}

  private Small small() throws IOException {
    List<List<SegmentRecord>> segments = new ArrayList<>();
    long sequence = 1;
    try (SegmentLog log = open()) {
      for (int segment = 0; segment < 3; segment++) {
        List<SegmentRecord> records = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          SegmentRecord next = event("feed", "" + sequence, sequence);
          sequence++;
          log.append(List.of(next), KEEP_SECONDS, nowMs);
          records.add(next);
        }
        segments.add(records);
        nowMs += 20_000;
      }
    }
    List<Path> files = new ArrayList<>(files(".segment"));
    assertThat(files).hasSize(3);
    files.addAll(files(".index"));
    assertThat(files).hasSize(5);
    return new Small(files, segments);
  }

  /// Opens the log after one of its files was damaged at an offset.
  private void check(Small small, Path file, byte[] damaged, int offset) throws IOException {
    byte[] intact = Files.readAllBytes(file);
    Files.write(file, damaged);
    List<SegmentRecord> found;
    try (SegmentLog log = open()) {
      found = events(log, "feed");
      SegmentRecord next = event("feed", "more", 100);
      log.append(List.of(next), KEEP_SECONDS, nowMs);
      List<SegmentRecord> more = new ArrayList<>(found);
      more.add(next);
      assertThat(events(log, "feed")).isEqualTo(more);
    }
    for (int i = 0; i < 3; i++) {
      List<SegmentRecord> records = small.segments.get(i);
      boolean isThis = file.equals(small.files.get(i));
      assertThat(found).containsAll(isThis ? before(records, intact, offset) : records);
    }
    assertThat(small.segments.stream().flatMap(List::stream).toList()).containsSubsequence(found);
  }

  /// The records whose bytes end at or before an offset.
  private static List<SegmentRecord> before(List<SegmentRecord> records, byte[] file, int offset) {
    int recordBytes = (file.length - SegmentFile.HEADER_BYTES) / records.size();
    int whole = Math.max(0, offset - SegmentFile.HEADER_BYTES) / recordBytes;
    return records.subList(0, Math.min(whole, records.size()));
  }

  private void restore(List<Path> files, List<byte[]> contents) throws IOException {
    for (Path path : files("")) {
      if (!files.contains(path)) {
        Files.delete(path);
      }
    }
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), contents.get(i))) {
        Files.write(file, contents.get(i));
      }
    }
  }

  @Test
  void whatIsBeforeAFaultSurvivesACutAndAChangeOfAnyByte() throws IOException {
    Small small = small();
    List<byte[]> contents = new ArrayList<>();
    for (Path file : small.files) {
      contents.add(Files.readAllBytes(file));
    }
    for (int f = 0; f < small.files.size(); f++) {
      byte[] intact = contents.get(f);
      for (int offset = 0; offset < intact.length; offset++) {
        byte[] cut = Arrays.copyOf(intact, offset);
        restore(small.files, contents);
        check(small, small.files.get(f), cut, offset);
        byte[] changed = intact.clone();
        changed[offset] ^= (byte) 0x55;
        restore(small.files, contents);
        check(small, small.files.get(f), changed, offset);
      }
    }
  }
}
