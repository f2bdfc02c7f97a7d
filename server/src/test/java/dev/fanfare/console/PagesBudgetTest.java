package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a browser loads stays small, as do the files that people read. In bytes before compression.
final class PagesBudgetTest {

  private static final Path OWN = Path.of("src/main/resources/dev/fanfare/console/pages");
  private static final Path BUILT = Path.of("target/classes/dev/fanfare/console/pages");

  private static final int MAX_OWN_BYTES = 85_000;
  private static final int MAX_BYTES = 150_000;
  private static final int MAX_LINES = 150;

  @Test
  void ownFilesAreSmall() throws IOException {
    long bytes = 0;
    for (Path file : files(OWN, _ -> true)) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isPositive().isLessThanOrEqualTo(MAX_OWN_BYTES);
  }

  @Test
  void allFilesTogetherAreSmall() throws IOException {
    long bytes = 0;
    for (Path file : files(BUILT, file -> !file.endsWith("LICENSE"))) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isPositive().isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void modulesAreShort() throws IOException {
    for (Path file : files(OWN, file -> file.toString().endsWith(".js"))) {
      try (Stream<String> lines = Files.lines(file)) {
        assertThat(lines.count()).as("lines of " + file).isLessThanOrEqualTo(MAX_LINES);
      }
    }
  }

  /// The policy forbids them, so they would have no effect.
  @Test
  void nothingIsInline() throws IOException {
    for (Path file : files(OWN, file -> !file.toString().endsWith(".svg"))) {
      assertThat(Files.readString(file))
          .as(file.toString())
          .doesNotContain("style=", "innerHTML", "unsafeHTML", "http://", "https://")
          .doesNotContainPattern(" on[a-z]+=\"");
    }
  }

  /// Their licences ask for that.
  @Test
  void librariesHaveTheirLicences() {
    for (String library : List.of("lit-html")) {
      assertThat(BUILT.resolve("vendor").resolve(library).resolve("LICENSE")).isNotEmptyFile();
    }
  }

  private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(wanted).toList();
    }
  }
}
