package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// CONTRIBUTING.md lists, with reasons, the tests that are left out when tests run on two nodes.
final class OneNodeTestsTest {

  private static final Path TESTS = Path.of("src", "test", "java");
  private static final String TAG = "@Tag(\"one-" + "node\")";

  @Test
  void everyTestThatIsLeftOutIsListed() throws IOException {
    Set<String> tagged = new TreeSet<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains(TAG)) {
          tagged.add(file.getFileName().toString().replace(".java", ""));
        }
      }
    }
    String page = Files.readString(Path.of("..", "CONTRIBUTING.md"));
    String section =
        page.substring(page.indexOf("## Tests on two nodes"), page.indexOf("## Recipes"));
    Set<String> listed = new TreeSet<>();
    Pattern.compile("`(\\w+Test)`")
        .matcher(section)
        .results()
        .forEach(name -> listed.add(name.group(1)));
    assertThat(listed).isEqualTo(tagged);
  }
}
