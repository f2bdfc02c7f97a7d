package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of docs/architecture.md that are about the text of the sources.
final class SourceRulesTest {

  private static final int MAX_LINES = 400;
  private static final int MAX_FILES = 30;

  /// A method that returns a text, with its documentation.
  private static final Pattern TEXT_METHOD =
      Pattern.compile(
          "(?m)(?<doc>(?:^ *///.*\\n)*)(?:^ *@[A-Z].*\\n)*"
              + "^ +[\\w .]*?(?<type>@Nullable String|Optional<String>|String) (?<name>\\w+)\\(");

  private static final Pattern FAILURE_NAME =
      Pattern.compile(
          "(?i)refus|problem|reason|fault|fail|damage|warn|error|trouble|violat|invalid|why");
  private static final Pattern FAILURE_DOC =
      Pattern.compile("(?i)\\b(?:why|wrong|reasons?|refus\\w+|problems?)\\b");
  private static final Pattern NOTHING = Pattern.compile("\\b(?:null|empty)\\b");

  @Test
  void noLocksByKeywordInTheCore() throws IOException {
    for (Path file : sources()) {
      if (file.toString().contains("/session/") || file.toString().contains("/channel/")) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("synchronized");
      }
    }
  }

  /// A check returns a `Parsed`, and the answer to a client is a `Refusal`. A text that is null or
  /// empty when nothing is wrong would be a third way.
  @Test
  void noTextSaysThatSomethingIsWrong() throws IOException {
    List<String> texts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Path file : sources()) {
      Matcher method = TEXT_METHOD.matcher(Files.readString(file));
      while (method.find()) {
        String name = file.getFileName() + ": " + method.group("name");
        String doc = method.group("doc");
        boolean isOptional = !method.group("type").equals("String");
        texts.add(name);
        if (isOptional
            ? FAILURE_NAME.matcher(method.group("name")).find() || FAILURE_DOC.matcher(doc).find()
            : FAILURE_NAME.matcher(method.group("name")).find()
                && FAILURE_DOC.matcher(doc).find()
                && NOTHING.matcher(doc).find()) {
          failures.add(name);
        }
      }
    }
    assertThat(texts).as("methods that return texts").contains("Query.java: get");
    // What a peer said is a value, not a failure of the call.
    assertThat(failures)
        .containsExactlyInAnyOrder(
            "BlockedChannels.java: reason", "WebSocketFrame.java: closeReason");
  }

  @Test
  void filesAreSmall() throws IOException {
    for (Path file : sources()) {
      try (Stream<String> lines = Files.lines(file)) {
        assertThat(lines.count()).as("lines of " + file).isLessThanOrEqualTo(MAX_LINES);
      }
    }
  }

  @Test
  void packagesAreSmall() throws IOException {
    Map<Path, List<Path>> packages =
        sources().stream().collect(Collectors.groupingBy(Path::getParent));
    assertThat(packages).isNotEmpty();
    packages.forEach((folder, files) ->
        assertThat(files).as("files of " + folder).hasSizeLessThanOrEqualTo(MAX_FILES));
  }

  /// A name means one thing in a module.
  @Test
  void noClassHasTheNameOfAnother() throws IOException {
    for (String module : List.of("src/main/java", "../loadtest/src/main/java")) {
      Map<Path, List<Path>> byName =
          sources(module).stream()
              .filter(file -> !file.endsWith("package-info.java"))
              .collect(Collectors.groupingBy(Path::getFileName));
      assertThat(byName.values()).isNotEmpty().allSatisfy(files -> assertThat(files).hasSize(1));
    }
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    for (Path file : sources()) {
      Path info = file.resolveSibling("package-info.java");
      assertThat(info).as("beside " + file).exists();
      assertThat(Files.readString(info))
          .as(info.toString())
          .contains("@NullMarked")
          .contains("///");
    }
  }

  /// A program that has the pipe through which Maven controls the tests may make it non-blocking,
  /// as Node.js does: the tests would end with "std/in stream corrupted".
  @Test
  void noProgramOfATestHasMavensPipes() throws IOException {
    String forbidden = ".inherit" + "IO()";
    for (Path file : sources("src/test/java", "../loadtest/src/test/java")) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContain(forbidden);
    }
  }

  private static List<Path> sources() throws IOException {
    return sources("src/main/java", "../protocol/src/main/java");
  }

  private static List<Path> sources(String... folders) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(path -> path.toString().endsWith(".java")).forEach(found::add);
      }
    }
    return found;
  }
}
