package dev.fanfare.config;

import dev.fanfare.app.Secret;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The path of a file that holds an app's secret and nothing else, as containers are handed them.
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
    return written instanceof Written.Scalar scalar && !scalar.text().isEmpty()
        ? '"' + scalar.text() + "\", " + trouble(scalar.text())
        : written.described();
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
