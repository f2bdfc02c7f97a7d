package dev.fanfare.history.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The names of files in the folder of a log.
final class SegmentFolder {

  private SegmentFolder() {}

  /// The segments, oldest first. Creates the folder if there is none, and deletes files that were
  /// not completed.
  static List<Path> segments(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> found = new ArrayList<>();
    for (Path path : files(folder)) {
      if (number(path) > 0) {
        found.add(path);
      } else if (path.toString().endsWith(Segment.NEW_SUFFIX)) {
        Files.delete(path);
      }
    }
    return found;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /// Deletes what was found damaged before a time: it may have what was purged then.
  ///
  /// @param beforeMs wall clock, milliseconds since 1970
  static void deleteDamaged(Path folder, long beforeMs) throws IOException {
    for (Path path : files(folder)) {
      if (path.toString().endsWith(SegmentFile.DAMAGED_SUFFIX)
          && Files.getLastModifiedTime(path).toMillis() < beforeMs) {
        Files.delete(path);
      }
    }
  }

  /// The file of the segment with a number.
  static Path path(Path folder, long number) {
    return folder.resolve("%012d%s".formatted(number, Segment.SUFFIX));
  }

  /// The number in the name of a segment; 0 for another file.
  static long number(Path path) {
    String name = path.getFileName().toString();
    String digits =
        name.endsWith(Segment.SUFFIX)
            ? name.substring(0, name.length() - Segment.SUFFIX.length())
            : "";
    return digits.matches("[0-9]{12}") ? Long.parseLong(digits) : 0;
  }
}
