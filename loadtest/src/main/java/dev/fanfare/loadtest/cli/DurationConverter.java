package dev.fanfare.loadtest.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a duration, `10`, `500ms`, `10s`, `30m` or `1h`, as nanoseconds.
final class DurationConverter implements ITypeConverter<Long> {

  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)?");

  @Override
  public Long convert(String text) {
    Matcher duration = DURATION.matcher(text);
    if (!duration.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration; examples: 10, 500ms, 30m, 1h");
    }
    double unitNs =
        switch (duration.group(2)) {
          case "ms" -> 1e6;
          case "m" -> 60e9;
          case "h" -> 3_600e9;
          case null, default -> 1e9;
        };
    return (long) (Double.parseDouble(duration.group(1)) * unitNs);
  }
}
