package dev.fanfare.console.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProofFileTest {

  /// Not a port, so that no running console has such a file.
  private static final int PORT = 70_001;

  private static Path place() {
    return ProofFile.places(PORT, Map.of()).getLast();
  }

  @Test
  void onlyItsUserCanReadIt() throws IOException {
    try (ProofFile file = ProofFile.write(PORT, new SecureRandom())) {
      Path path = place();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      String content = Files.readString(path).strip();
      assertThat(content).hasSize(43);
      assertThat(file.proves(content)).isTrue();
      assertThat(file.proves(content + "x")).isFalse();
      assertThat(file.proves("")).isFalse();
    }
    assertThat(place()).doesNotExist();
  }

  @Test
  void aFileOfAnEarlierRunIsReplaced() throws IOException {
    Files.writeString(place(), "old");
    try (ProofFile file = ProofFile.write(PORT, new SecureRandom())) {
      assertThat(file.proves("old")).isFalse();
      assertThat(file.proves(Files.readString(place()).strip())).isTrue();
    }
  }

  @Test
  void withoutAFileNothingProves() throws IOException {
    Path blocked = place();
    Files.createDirectories(blocked.resolve("full"));
    try (ProofFile file = ProofFile.write(PORT, new SecureRandom())) {
      assertThat(file.proves("")).isFalse();
    } finally {
      Files.deleteIfExists(blocked.resolve("full"));
      Files.deleteIfExists(blocked);
    }
  }

  @Test
  void aProgramLooksWhereAServiceHasItsFolder() {
    assertThat(ProofFile.places(1, Map.of("RUNTIME_DIRECTORY", "/run/x")))
        .startsWith(Path.of("/run/x/fanfare-console-1"), Path.of("/run/fanfare/fanfare-console-1"));
  }
}
