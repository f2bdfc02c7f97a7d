package dev.fanfare.loadtest.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a span of time, `10`, `500ms`, `10s`, `30m` or `1h`, as nanoseconds.
final class SecondsConverter implements ITypeConverter<Long> {

  private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)?");

  @Override
  public Long convert(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new TypeConversionException("'" + text + "' is no time; write 10, 500ms, 30m or 1h");
    }
    double unitNs =
        switch (span.group(2)) {
          case "ms" -> 1e6;
          case "m" -> 60e9;
          case "h" -> 3_600e9;
          case null, default -> 1e9;
        };
    return (long) (Double.parseDouble(span.group(1)) * unitNs);
  }
}
