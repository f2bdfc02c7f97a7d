package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/threads.md` has a row for every thread that the code names, and no other.
final class ThreadsPageTest {

  private static final Pattern NAMED =
      Pattern.compile(
          "(?:\\.name\\(|new DefaultThreadFactory\\(|super\\(options, )\"(fanfare-[a-z]+)\"");

  private static final Pattern ROW =
      Pattern.compile("^\\| `(fanfare-[a-z]+)(?:-N)?`", Pattern.MULTILINE);

  @Test
  void everyNamedThreadHasARow() throws IOException {
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        named.addAll(matches(NAMED, Files.readString(file)));
      }
    }
    assertThat(named).contains("fanfare-lane", "fanfare-api");
    assertThat(matches(ROW, Files.readString(Path.of("../docs/threads.md")))).isEqualTo(named);
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
