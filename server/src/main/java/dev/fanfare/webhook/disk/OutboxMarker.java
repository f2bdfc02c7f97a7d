package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.webhook.outbox.Outbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A small file beside the file of an outbox. It says what that file contained a second ago at
/// most, so that a file that is missing or was cut is noticed.
///
/// @param version of the store; it grows with every commit
/// @param pending entries
/// @param deadLetters dead letters
/// @param nextId higher than any id assigned so far
record OutboxMarker(long version, int pending, int deadLetters, long nextId) {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final Pattern LINE =
      Pattern.compile("version (\\d{1,18}) pending (\\d{1,9}) dead (\\d{1,9}) next (\\d{1,18})\n");

  static OutboxMarker of(long version, Outbox.Counts counts, long nextId) {
    return new OutboxMarker(version, counts.pending(), counts.deadLetters(), nextId);
  }

  /// Pending entries and dead letters.
  long held() {
    return (long) pending + deadLetters;
  }

  private String line() {
    return "version "
        + version
        + " pending "
        + pending
        + " dead "
        + deadLetters
        + " next "
        + nextId
        + "\n";
  }

  /// The content of a file; null if there is none, or if it is damaged itself.
  static @Nullable OutboxMarker read(Path path) {
    try {
      Matcher matcher = LINE.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
      return matcher.matches()
          ? new OutboxMarker(
              Long.parseLong(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)),
              Long.parseLong(matcher.group(4)))
          : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      log.warn("cannot read {}: {}", path, DataFolder.reason(e));
      return null;
    }
  }

  /// Replaces the file. Returns false if that fails, which is logged.
  boolean tryWrite(Path path) {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.writeString(next, line(), StandardCharsets.ISO_8859_1);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      log.debug("cannot write {}", path, e);
      return false;
    }
  }
}
