package dev.fanfare.config.value;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The allowed texts of an option, and the value that each stands for.
public interface Kind<T> {

  /// What is allowed, to follow "must be".
  String allowed();

  /// A word for a value on the command line; if it lists every value, with `|` between.
  default String label() {
    return "TEXT";
  }

  /// The value that `text` stands for, or null if it is not allowed.
  @Nullable T parse(String text);

  /// The value as YAML.
  default String show(T value) {
    return Yaml.scalar(String.valueOf(value));
  }

  /// What was found, for an error.
  default String found(Written written) {
    return written.described();
  }

  /// The value that was written, or null after reporting what is wrong with it.
  default @Nullable T read(String name, Written written, Problems problems) {
    T value = written instanceof Written.Scalar scalar ? parse(scalar.text()) : null;
    if (value == null) {
      String text = name + " is " + found(written) + ", but must be " + allowed();
      problems.error(written.source(), text);
    }
    return value;
  }

  /// A whole number within bounds, both included.
  record Whole(int min, int max) implements Kind<Integer> {
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,10}");

    @Override
    public String allowed() {
      return "a whole number from " + min + " to " + max;
    }

    @Override
    public String label() {
      return "NUMBER";
    }

    @Override
    public @Nullable Integer parse(String text) {
      if (!DIGITS.matcher(text).matches()) {
        return null;
      }
      long number = Long.parseLong(text);
      return number < min || number > max ? null : (int) number;
    }

    @Override
    public String show(Integer value) {
      return value.toString();
    }
  }

  /// A number of bytes within bounds, both included, which may be larger than an array.
  record Bytes(long min, long max) implements Kind<Long> {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    @Override
    public String allowed() {
      return "a whole number from " + min + " to " + max;
    }

    @Override
    public String label() {
      return "NUMBER";
    }

    @Override
    public @Nullable Long parse(String text) {
      if (!DIGITS.matcher(text).matches()) {
        return null;
      }
      long bytes = Long.parseLong(text);
      return bytes < min || bytes > max ? null : (Long) bytes;
    }

    @Override
    public String show(Long value) {
      return value.toString();
    }
  }

  /// A switch.
  record OnOff() implements Kind<Boolean> {
    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public String label() {
      return "true|false";
    }

    @Override
    public @Nullable Boolean parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> Boolean.TRUE;
        case "false" -> Boolean.FALSE;
        default -> null;
      };
    }

    @Override
    public String show(Boolean value) {
      return value.toString();
    }
  }

  /// One of a few words, of which each value of an enum has one.
  record Choice<E extends Enum<E>>(Class<E> type, Function<E, String> word) implements Kind<E> {

    /// The words are the names, in lower case.
    public Choice(Class<E> type) {
      this(type, value -> value.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public String allowed() {
      return Arrays.stream(type.getEnumConstants())
          .map(this::show)
          .collect(Collectors.joining(", ", "one of ", ""));
    }

    @Override
    public String label() {
      return Arrays.stream(type.getEnumConstants())
          .map(this::show)
          .collect(Collectors.joining("|"));
    }

    @Override
    public @Nullable E parse(String text) {
      for (E value : type.getEnumConstants()) {
        if (show(value).equals(text)) {
          return value;
        }
      }
      return null;
    }

    @Override
    public String show(E value) {
      return word.apply(value);
    }
  }

  /// Text of a certain form.
  record Text(Pattern form, String allowed) implements Kind<String> {
    @Override
    public @Nullable String parse(String text) {
      return form.matcher(text).matches() ? text : null;
    }
  }
}
