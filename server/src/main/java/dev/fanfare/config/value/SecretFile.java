package dev.fanfare.config.value;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The path of a file that holds a secret and nothing else, as containers mount them. An error
/// repeats the text only if it is clearly a path and not the secret itself. White space around the
/// secret is ignored: editors end a file with a line break.
///
/// @param signs as in [SecretText]
public record SecretFile(boolean signs) implements Kind<Secret> {

  private static final SecretText TEXT = new SecretText(false);

  @Override
  public String label() {
    return "FILE";
  }

  @Override
  public String allowed() {
    return "the path of a file that holds the secret and nothing else";
  }

  @Override
  public @Nullable Secret read(String name, Written written, Problems problems) {
    Secret secret = written instanceof Written.Scalar path ? parse(path.text()) : null;
    if (signs
        && secret != null
        && Unfilled.check(secret.reveal()) instanceof Parsed.Bad(String fault)) {
      problems.error(written.source(), name + " names a file whose text " + fault);
      return null;
    }
    return Kind.super.read(name, written, problems);
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
