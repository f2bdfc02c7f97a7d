package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The public workflows call scripts that exist, and name no registry: where an image goes is up to
/// the repository's variables.
final class WorkflowsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern SCRIPT = Pattern.compile("(?:\\.ci|docker/dist)/[a-z]+\\b(?!\\.)");

  /// A host before a path, as in the name of an image.
  private static final Pattern HOST =
      Pattern.compile("(?<![\\w.$])[a-z0-9-]+(?:\\.[a-z0-9-]+)+/[a-z]");

  /// Texts by file name.
  private static Map<String, String> workflows() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(ROOT.resolve(".github/workflows"))) {
      for (Path file : files.toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void everyScriptThatTheyCallCanBeRun() throws IOException {
    List<String> called = new ArrayList<>();
    for (String text : workflows().values()) {
      Manifests.yaml(text);
      SCRIPT.matcher(text).results().forEach(script -> called.add(script.group()));
    }
    assertThat(called)
        .contains(".ci/run", "docker/dist/release", "docker/dist/merge")
        .allSatisfy(
            script -> assertThat(Files.isExecutable(ROOT.resolve(script))).as(script).isTrue());
  }

  @Test
  void bothRunEverythingThatMustHold() throws IOException {
    assertThat(workflows())
        .containsOnlyKeys("ci.yml", "release.yml")
        .allSatisfy((file, text) -> assertThat(text).as(file).contains("\n      - run: .ci/run\n"));
  }

  @Test
  void noRegistryIsNamed() throws IOException {
    assertThat(workflows())
        .allSatisfy((file, text) -> assertThat(text).as(file).doesNotContainPattern(HOST));
  }
}
