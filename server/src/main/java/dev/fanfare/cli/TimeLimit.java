package dev.fanfare.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/// Reads the time limit of a step, `5s`, `5` or `500ms`.
final class TimeLimit implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String given) {
    String text = given.strip();
    boolean isMs = text.endsWith("ms");
    String number = text.replaceFirst("(ms|s)$", "");
    if (!number.matches("\\d{1,7}") || Long.parseLong(number) == 0) {
      throw CommandError.usage("--timeout is \"" + given + "\", but must look like 5s or 500ms.");
    }
    long value = Long.parseLong(number);
    return isMs ? Duration.ofMillis(value) : Duration.ofSeconds(value);
  }
}
