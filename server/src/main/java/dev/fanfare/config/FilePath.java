package dev.fanfare.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The path of a file, or nothing. What is in the file is checked by whoever knows what it is for.
record FilePath() implements Kind<String> {

  @Override
  public String allowed() {
    return "the path of a file, or \"\" for none";
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
