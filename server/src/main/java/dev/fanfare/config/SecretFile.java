package dev.fanfare.config;

import dev.fanfare.app.Secret;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The path of a file that holds an app's secret and nothing else, as containers are handed them. A
/// complaint repeats what is plainly a path, and not what may be the secret itself in its place.
/// White space around the secret does not count: editors end a file with a line break.
record SecretFile() implements Kind<Secret> {

  private static final SecretText TEXT = new SecretText();

  @Override
  public String allowed() {
    return "the path of a file that holds the secret and nothing else";
  }

  @Override
  public @Nullable Secret parse(String path) {
    try {
      return TEXT.parse(Files.readString(Path.of(path)).strip());
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  @Override
  public String found(Written written) {
    if (!(written instanceof Written.Scalar scalar) || scalar.text().isEmpty()) {
      return written.described();
    }
    boolean isPath = scalar.text().startsWith("/") || scalar.text().startsWith(".");
    String shown = isPath ? '"' + scalar.text() + '"' : "a text that is not shown here";
    return shown + ", " + trouble(scalar.text());
  }

  private static String trouble(String path) {
    try {
      return Files.readString(Path.of(path)).isBlank()
          ? "which is empty"
          : "which holds more than one line";
    } catch (NoSuchFileException | InvalidPathException e) {
      return "which does not exist";
    } catch (CharacterCodingException e) {
      return "which is not UTF-8 text";
    } catch (IOException e) {
      return "which cannot be read";
    }
  }
}
