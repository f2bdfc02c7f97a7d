package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/security.md` claims nothing that is not there: its tests exist, its settings too.
final class SecurityPageTest {

  private static final Path PAGE = Path.of("../docs/security.md");
  private static final String BUDGETS = "## Budgets";
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /// The cells of each threat: threat, defence, settings, tests.
  private static List<String[]> threats() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .takeWhile(line -> !line.equals(BUDGETS))
          .filter(line -> line.startsWith("| ") && !line.startsWith("| Threat"))
          .map(line -> line.split("\\|", -1))
          .toList();
    }
  }

  /// The cells of each budget: what, who, three bounds, what happens, metric, tests.
  private static List<String[]> budgets() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .dropWhile(line -> !line.equals(BUDGETS))
          .filter(line -> line.startsWith("| ") && !line.startsWith("| What |"))
          .map(line -> line.split("\\|", -1))
          .toList();
    }
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static Set<String> tests() throws IOException {
    Set<String> tests = new HashSet<>();
    for (String module : List.of("../protocol", "../loadtest", ".")) {
      try (Stream<Path> files = Files.walk(Path.of(module, "src/test/java"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith("Test.java"))
            .map(name -> name.substring(0, name.length() - ".java".length()))
            .forEach(tests::add);
      }
    }
    return tests;
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
  void eachBudgetIsCompleteAndProvedByTestsThatExist() throws IOException {
    Set<String> tests = tests();
    String metrics = Files.readString(Path.of("../docs/metrics.md"));
    assertThat(budgets()).isNotEmpty();
    for (String[] cells : budgets()) {
      assertThat(cells).as("cells of %s", cells[1]).hasSize(10);
      for (int i = 1; i < cells.length - 1; i++) {
        assertThat(cells[i]).as("cell %s of %s", i, cells[1]).isNotBlank();
      }
      assertThat(quoted(cells[7])).as(cells[1]).allMatch(metric -> metrics.contains(metric));
      assertThat(quoted(cells[8])).as(cells[1]).isNotEmpty().isSubsetOf(tests);
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
