package dev.fanfare.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The path of a folder, or nothing. Whether it can be used shows when it is opened.
record FolderPath() implements Kind<String> {

  @Override
  public String allowed() {
    return "the path of a folder, or \"\" for none";
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
