package dev.fanfare.history.disk;

import dev.fanfare.history.EventId;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program that fills a disk of one megabyte with history, frees some of it and goes on. Prints
/// what it found.
final class FullDisk {

  private static final long NOW_MS = 1_764_270_000_000L;
  private static final int EVENT_CHARS = 10_000;
  private static final int BALLAST_BYTES = 300_000;
  private static final int MOST = 200;

  private FullDisk() {}

  private static SegmentRecord event(int number) {
    ChannelName channel = ((Parsed.Ok<ChannelName>) ChannelName.parse("feed", 100)).value();
    String data = number + "x".repeat(EVENT_CHARS);
    return new SegmentRecord.Event(
        new EventId(NOW_MS, number),
        number,
        new Publication(channel, "e", data, null, null, Origin.HTTP),
        true,
        "");
  }

  private static List<Long> numbers(SegmentLog log) throws IOException {
    List<Long> numbers = new ArrayList<>();
    log.events(
        "feed",
        event -> {
          numbers.addFirst(event.sequence());
          return true;
        });
    return numbers;
  }

  private static List<Long> through(int last) {
    List<Long> all = new ArrayList<>();
    for (long i = 1; i <= last; i++) {
      all.add(i);
    }
    return all;
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }

  /// Runs the program.
  ///
  /// @param arguments the mount point
  public static void main(String[] arguments) throws IOException {
    Path disk = Path.of(arguments[0]);
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[BALLAST_BYTES]);
    Path folder = disk.resolve("log");
    RuleLog log = new RuleLog(folder, 1L << 30, 1_000, () -> {});
    int last = 0;
    boolean isWritten = true;
    while (isWritten && last < MOST) {
      last++;
      isWritten = log.write(List.of(event(last)), NOW_MS, System.nanoTime());
    }
    check(!isWritten && log.isFailing(), "the disk was not full after " + last);
    check(last > 50, "the disk was full after " + last);
    SegmentLog segments = log.open();
    check(numbers(segments).equals(through(last - 1)), "events are missing: " + numbers(segments));
    log.postpone(List.of(event(last + 1), event(last + 2)));
    Files.delete(ballast);
    check(log.write(List.of(event(last + 3)), NOW_MS, System.nanoTime()), "still failing");
    check(!log.isFailing() && log.lost() == 0, "events were lost: " + log.lost());
    check(numbers(segments).equals(through(last + 3)), "not in order: " + numbers(segments));
    log.close(System.nanoTime());
    try (SegmentLog again = SegmentLog.open(folder, 1L << 30)) {
      check(again.damages().isEmpty(), "damaged: " + again.damages());
      check(numbers(again).equals(through(last + 3)), "lost: " + numbers(again));
    }
    System.out.println("every event is there");
  }
}
