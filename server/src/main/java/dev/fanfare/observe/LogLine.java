package dev.fanfare.observe;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/// A log line with fields. Clients choose parts of it, so every text is masked and bounded in
/// length; the encoders escape what could forge a line. Confined to one thread.
final class LogLine {

  private static final int MAX_MESSAGE_CHARS = 2_000;
  private static final int MAX_FIELD_CHARS = 300;

  /// A line that is not written.
  static final LogLine NONE =
      new LogLine(NOPLoggingEventBuilder.singleton(), SecretMask.of(List.of()));

  private final LoggingEventBuilder event;
  private final SecretMask mask;

  private LogLine(LoggingEventBuilder event, SecretMask mask) {
    this.event = event;
    this.mask = mask;
  }

  /// A line of that level, or [#NONE] if the logger writes none.
  static LogLine at(Level level, Logger logger, SecretMask mask) {
    return logger.isEnabledForLevel(level)
        ? new LogLine(logger.makeLoggingEventBuilder(level), mask)
        : NONE;
  }

  /// Its text; without it the line has only fields.
  LogLine message(String text) {
    if (this != NONE) {
      var _ = event.setMessage(clean(text, MAX_MESSAGE_CHARS));
    }
    return this;
  }

  LogLine with(String field, String value) {
    if (this != NONE) {
      var _ = event.addKeyValue(field, clean(value, MAX_FIELD_CHARS));
    }
    return this;
  }

  LogLine with(String field, int value) {
    var _ = event.addKeyValue(field, value);
    return this;
  }

  /// The fields `socket` and `address`.
  LogLine with(Peer peer) {
    return this == NONE ? this : with("socket", peer.socketId()).with("address", peer.address());
  }

  void write() {
    event.log();
  }

  private String clean(String text, int maxChars) {
    String masked = mask.mask(text, maxChars);
    return text.length() > maxChars ? masked + "…" : masked;
  }
}
