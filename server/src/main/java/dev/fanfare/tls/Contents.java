package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The content of the certificate files, or why they could not be read. One char per byte. May
/// contain a key, so `toString` shows nothing.
///
/// @param key null if the key is in the certificate's file
record Contents(Parsed<String> certificate, @Nullable Parsed<String> key) {

  /// Even long certificate chains have only a few dozen kilobytes.
  private static final int MAX_BYTES = 1 << 20;

  /// The bytes of a file, or the problem, to follow "which".
  static Parsed<String> of(String path) {
    try {
      return of(Path.of(path));
    } catch (NoSuchFileException | InvalidPathException e) {
      return new Parsed.Bad<>("does not exist");
    } catch (AccessDeniedException e) {
      return new Parsed.Bad<>(
          "may not be read by the user of this process (" + System.getProperty("user.name") + ")");
    } catch (IOException e) {
      return new Parsed.Bad<>("cannot be read: " + e.getMessage());
    }
  }

  private static Parsed<String> of(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new Parsed.Bad<>("is a folder");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return new Parsed.Bad<>("is not a regular file"); // reading a pipe could block forever
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length == 0) {
        return new Parsed.Bad<>("is empty");
      }
      return bytes.length > MAX_BYTES
          ? new Parsed.Bad<>("has more than " + MAX_BYTES + " bytes")
          : new Parsed.Ok<>(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  /// Identifies the content, and can be kept without keeping the key.
  String fingerprint() {
    String all = text(certificate) + '\n' + (key == null ? "" : text(key));
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(all.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String text(Parsed<String> read) {
    return switch (read) {
      case Parsed.Ok<String> ok -> ok.value();
      case Parsed.Bad<String> bad -> bad.reason();
    };
  }

  @Override
  public String toString() {
    return "********";
  }
}
