package dev.fanfare.config.value;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The path of a file or a folder, or nothing. Whether it is usable is checked where it is used.
///
/// @param what `file` or `folder`
public record PathText(String what) implements Kind<String> {

  @Override
  public String allowed() {
    return "the path of a " + what + ", or \"\" for none";
  }

  @Override
  public String label() {
    return what.toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable String parse(String text) {
    try {
      return Path.of(text).toString();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
