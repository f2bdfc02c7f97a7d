package dev.fanfare.transport;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The value of the `Date` header (RFC 9110 section 6.6.1), formatted once per second. Confined to
/// its lane.
public final class DateHeader {

  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final InstantSource wall;
  private long second = Long.MIN_VALUE;
  private AsciiString text = AsciiString.EMPTY_STRING;

  public DateHeader(InstantSource wall) {
    this.wall = wall;
  }

  public AsciiString value() {
    long now = TimeUnit.MILLISECONDS.toSeconds(wall.millis());
    if (now != second) {
      second = now;
      text = AsciiString.of(IMF_FIXDATE.format(Instant.ofEpochSecond(now)));
    }
    return text;
  }
}
