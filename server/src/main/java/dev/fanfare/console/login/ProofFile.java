package dev.fanfare.console.login;

import dev.fanfare.observe.Component;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A file that only the server's own user can read. A program that knows its content gets a link to
/// log in.
public final class ProofFile implements AutoCloseable {

  private static final Logger log = Component.CONSOLE.logger();

  private static final int BITS = 256;

  /// What systemd sets for a service with `RuntimeDirectory`, and where it makes that folder.
  private static final String VARIABLE = "RUNTIME_DIRECTORY";

  private static final String SERVICE_FOLDER = "/run/fanfare";

  private final @Nullable Path path;
  private final String content;

  private ProofFile(@Nullable Path path, String content) {
    this.path = path;
    this.content = content;
  }

  /// Writes the file of a console. Without one, only the link that is printed at the start logs in.
  ///
  /// @param port that it listens on
  public static ProofFile write(int port, SecureRandom random) {
    String content = new RandomToken(random).next(BITS);
    String service = System.getenv(VARIABLE);
    Path folder = Path.of(service == null ? temporary() : service);
    Path path = folder.resolve(name(port));
    try {
      Path fresh =
          Files.createTempFile(
              folder,
              "fanfare-console",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(fresh, content + "\n");
        Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
      return new ProofFile(path, content);
    } catch (IOException | UnsupportedOperationException e) {
      log.warn("cannot write {}, so `fanfare console link` has no effect: {}", path, e.toString());
      return new ProofFile(null, content);
    }
  }

  private static String name(int port) {
    return "fanfare-console-" + port;
  }

  private static String temporary() {
    return System.getProperty("java.io.tmpdir", "/tmp");
  }

  /// Where a program on this machine looks for the file of a console.
  ///
  /// @param environment of the program
  public static List<Path> places(int port, Map<String, String> environment) {
    List<Path> places = new ArrayList<>();
    for (String folder :
        List.of(environment.getOrDefault(VARIABLE, SERVICE_FOLDER), SERVICE_FOLDER, temporary())) {
      try {
        Path place = Path.of(folder).resolve(name(port));
        if (!places.contains(place)) {
          places.add(place);
        }
      } catch (InvalidPathException _) {
        // no folder of ours
      }
    }
    return places;
  }

  /// True if this is what the file contains.
  public boolean proves(String text) {
    return path != null
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), content.getBytes(StandardCharsets.UTF_8));
  }

  /// Deletes it.
  @Override
  public void close() {
    if (path != null) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        log.debug("cannot delete {}", path, e);
      }
    }
  }
}
