package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segments are rewritten without what was purged, and a crash at any moment loses nothing else.
final class PurgedSegmentsTest {

  private static final long START_MS = 1_764_270_000_000L;
  private static final long KEEP_SECONDS = 1_600; // a segment ends after 100 s
  private static final long DISK_BYTES = 1 << 20;
  private static final String SECRET = "to be forgotten";

  @TempDir private Path folder;
  private long nowMs = START_MS;
  private long sequence;

  private SegmentRecord.Event event(String channel, String data) {
    sequence++;
    ChannelName name =
        ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, Integer.MAX_VALUE)).value();
    Publication publication = new Publication(name, "e", data, null, null, Origin.HTTP);
    return new SegmentRecord.Event(new EventId(nowMs, sequence), sequence, publication, true, "");
  }

  private SegmentLog open() throws IOException {
    return SegmentLog.open(folder, DISK_BYTES);
  }

  private SegmentRecord append(SegmentLog log, SegmentRecord added) throws IOException {
    log.append(List.of(added), KEEP_SECONDS, nowMs);
    return added;
  }

  private static List<SegmentRecord> all(SegmentLog log, String channel) throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.events(channel, found::add);
    log.others(channel, found::add);
    return found.reversed();
  }

  private static void clean(SegmentLog log) throws IOException {
    boolean isMore = true;
    while (isMore) {
      isMore = log.clean(1);
    }
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path path : all.toList()) {
        found.put(path, Files.readAllBytes(path));
      }
    }
    return found;
  }

  private void restore(Map<Path, byte[]> files) throws IOException {
    for (Path path : files().keySet()) {
      Files.delete(path);
    }
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  private boolean hasSecret() throws IOException {
    return files().values().stream()
        .anyMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(SECRET));
  }

  /// Two segments with events of two channels, of which one is purged in the second.
  private List<SegmentRecord> fill(SegmentLog log) throws IOException {
    List<SegmentRecord> kept = new ArrayList<>();
    for (int segment = 0; segment < 2; segment++) {
      for (int i = 0; i < 2; i++) {
        append(log, event("user-7", SECRET + i));
        kept.add(append(log, event("feed", "" + i)));
      }
      append(log, new SegmentRecord.Cursor("user-7", SECRET, EventId.NONE, nowMs));
      if (segment == 1) {
        append(log, new SegmentRecord.Purge("user-7", new EventId(nowMs, sequence), nowMs, true));
      }
      nowMs += 200_000;
    }
    return kept;
  }

  @Test
  void whatWasPurgedIsNotInTheFilesOnceItsSegmentHasEnded() throws IOException {
    try (SegmentLog log = open()) {
      List<SegmentRecord> kept = fill(log);
      clean(log);
      assertThat(hasSecret()).as("the segment of the purge has not ended").isTrue();
      SegmentRecord later = append(log, event("user-7", "later"));
      EventId last = log.lastId();
      clean(log);
      assertThat(hasSecret()).isFalse();
      assertThat(all(log, "feed")).isEqualTo(kept);
      assertThat(all(log, "user-7")).hasSize(2).contains(later);
      assertThat(log.lastId()).isEqualTo(last);
      assertThat(log.size())
          .isEqualTo(
              files().entrySet().stream()
                  .filter(file -> file.getKey().toString().endsWith(".segment"))
                  .mapToLong(file -> file.getValue().length)
                  .sum());
      assertThat(log.clean(1)).isFalse();
    }
    try (SegmentLog log = open()) {
      assertThat(log.damages()).isEmpty();
      assertThat(all(log, "user-7")).hasSize(2);
    }
  }

  @Test
  void aPurgedSegmentEndsWithinHours() throws IOException {
    long year = TimeUnit.DAYS.toSeconds(365);
    try (SegmentLog log = open()) {
      var event = event("user-7", SECRET);
      log.append(List.of(event), year, nowMs);
      log.append(List.of(new SegmentRecord.Purge("user-7", event.id(), nowMs, false)), year, nowMs);
      nowMs += TimeUnit.HOURS.toMillis(5);
      log.maintain(year, nowMs);
      clean(log);
      assertThat(hasSecret()).isTrue();
      nowMs += TimeUnit.HOURS.toMillis(2);
      log.maintain(year, nowMs);
      clean(log);
      assertThat(hasSecret()).isFalse();
    }
  }

  @Test
  void aPurgeThatWasInterruptedIsFinishedAfterTheNextStart() throws IOException {
    try (SegmentLog log = open()) {
      fill(log);
      append(log, event("feed", "ends the second segment"));
    }
    Path damaged = folder.resolve("000000000001.segment.damaged");
    Files.writeString(damaged, SECRET);
    Files.setLastModifiedTime(damaged, FileTime.fromMillis(START_MS));
    assertThat(hasSecret()).isTrue();
    try (SegmentLog log = open()) {
      clean(log);
      assertThat(hasSecret()).isFalse();
    }
  }

  @Test
  void aSegmentThatIsDroppedMeanwhileIsNotRewritten() throws IOException {
    try (SegmentLog log = open()) {
      fill(log);
      append(log, event("feed", "ends the second segment"));
      for (int i = 0; i < 3; i++) {
        assertThat(log.clean(1)).isTrue();
      }
      nowMs += TimeUnit.SECONDS.toMillis(2 * KEEP_SECONDS);
      log.maintain(KEEP_SECONDS, nowMs);
      clean(log);
      assertThat(hasSecret()).isFalse();
      assertThat(files().keySet()).noneMatch(path -> path.toString().endsWith(".new"));
    }
  }

  @Test
  void aCrashAtAnyMomentLosesNothing() throws IOException {
    List<SegmentRecord> kept;
    List<Map<Path, byte[]>> moments = new ArrayList<>();
    try (SegmentLog log = open()) {
      kept = fill(log);
      kept.add(append(log, event("feed", "ends the second segment")));
      moments.add(files());
      while (log.clean(1)) {
        moments.add(files());
      }
      moments.add(files());
    }
    int checked = 0;
    for (int i = 1; i < moments.size(); i++) {
      for (Map<Path, byte[]> between : between(moments.get(i - 1), moments.get(i))) {
        restore(between);
        try (SegmentLog log = open()) {
          assertThat(all(log, "feed")).isEqualTo(kept);
          assertThat(log.damages()).isEmpty();
          clean(log);
          assertThat(all(log, "feed")).isEqualTo(kept);
          assertThat(hasSecret()).isFalse();
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(50);
  }

  /// What a process that was killed between two moments may leave: a new file cut anywhere, and if
  /// files were replaced, the index first.
  private static List<Map<Path, byte[]>> between(
      Map<Path, byte[]> before, Map<Path, byte[]> after) {
    List<Map<Path, byte[]>> found = new ArrayList<>(List.of(before, after));
    for (Map.Entry<Path, byte[]> file : after.entrySet()) {
      String name = file.getKey().toString();
      byte[] former = before.get(file.getKey());
      if (name.endsWith(".new")) {
        for (int length = 0; length < file.getValue().length; length += 7) {
          Map<Path, byte[]> cut = new TreeMap<>(before);
          cut.put(file.getKey(), Arrays.copyOf(file.getValue(), length));
          found.add(cut);
        }
      } else if (name.endsWith(".index")
          && former != null
          && !Arrays.equals(former, file.getValue())) {
        Map<Path, byte[]> indexFirst = new TreeMap<>(before);
        indexFirst.put(file.getKey(), file.getValue());
        found.add(indexFirst);
      }
    }
    return found;
  }
}
