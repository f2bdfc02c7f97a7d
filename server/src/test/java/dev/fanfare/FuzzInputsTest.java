package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each folder of fuzz inputs belongs to a fuzz test: Jazzer ignores one whose name is not that of
/// a method, for instance after a rename.
final class FuzzInputsTest {

  private static final String INPUTS = "Inputs";

  @ParameterizedTest
  @ValueSource(strings = {".", "../protocol"})
  void eachFolderIsNamedAfterItsTest(String module) throws IOException {
    Path resources = Path.of(module, "src/test/resources");
    List<Path> folders;
    try (Stream<Path> all = Files.walk(resources)) {
      folders =
          all.filter(Files::isDirectory)
              .filter(folder -> parent(folder).endsWith("FuzzTest" + INPUTS))
              .toList();
    }
    assertThat(folders).isNotEmpty();
    for (Path folder : folders) {
      String type = parent(resources.relativize(folder));
      String source = type.substring(0, type.length() - INPUTS.length()) + ".java";
      assertThat(Path.of(module, "src/test/java", source))
          .content()
          .contains("void " + folder.getFileName() + "(");
    }
  }

  private static String parent(Path folder) {
    return String.valueOf(folder.getParent());
  }
}
