package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/security.md` claims nothing that is not there: its tests exist, its settings too.
final class SecurityPageTest {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /// The cells of each threat: threat, defence, settings, tests.
  private static List<String[]> threats() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .filter(line -> line.startsWith("| ") && !line.startsWith("| Threat"))
          .map(line -> line.split("\\|", -1))
          .toList();
    }
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static Set<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Test.java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void eachThreatIsProvedByTestsThatExist() throws IOException {
    Set<String> tests = tests();
    assertThat(threats()).hasSizeGreaterThan(15);
    for (String[] cells : threats()) {
      assertThat(cells).as("cells of %s", cells[1]).hasSize(6);
      assertThat(quoted(cells[4])).as(cells[1]).isNotEmpty().isSubsetOf(tests);
    }
  }

  @Test
  void eachSettingCanBeConfigured() throws IOException {
    String reference = Reference.markdown();
    for (String[] cells : threats()) {
      for (String setting : quoted(cells[3])) {
        assertThat(reference).as(cells[1]).contains("| `" + setting + "` |");
      }
    }
  }
}
