package dev.fanfare.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.fanfare.testing.RecordRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The dependency rules stated in [the package][dev.fanfare.loadtest], as code.
final class HouseRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fanfare.loadtest");

  private static final int MAX_FILES = 30;

  private static final List<String> LAYERS =
      List.of(
          "plan",
          "wire",
          "measure",
          "client",
          "report",
          "scenario",
          "compare",
          "attack",
          "attack.connection",
          "attack.http",
          "attack.websocket",
          "abuse",
          "cli");

  @Test
  void packagesImportOnlyThoseBelowThem() {
    for (int layer = 0; layer < LAYERS.size(); layer++) {
      String[] above =
          LAYERS.stream().skip(layer + 1L).map(HouseRulesTest::name).toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(name(LAYERS.get(layer)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .check(CLASSES);
      }
    }
  }

  @Test
  void eachLibraryIsUsedInOnePackage() {
    onlyIn("client", "io.netty..");
    onlyIn("cli", "picocli..");
    onlyIn("measure", "org.HdrHistogram..");
    onlyIn("report", "tools.jackson.databind..");
    onlyIn("nowhere", "tools.jackson.core..");
  }

  private static void onlyIn(String place, String library) {
    noClasses()
        .that()
        .resideOutsideOfPackage(name(place))
        .and()
        .doNotHaveFullyQualifiedName(Main.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }

  /// The scenarios are many and alike, so they stay together.
  @Test
  void packagesAndFilesAreSmall() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      Map<Path, List<Path>> packages =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .collect(Collectors.groupingBy(Path::getParent));
      assertThat(packages).hasSizeGreaterThan(LAYERS.size());
      packages.forEach((folder, sources) -> {
        if (!folder.endsWith("scenario")) {
          assertThat(sources).as("files of " + folder).hasSizeLessThanOrEqualTo(MAX_FILES);
        }
        assertThat(sources)
            .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(400));
      });
    }
  }

  @Test
  void recordsWithManyComponentsAreBuiltByTheirBuilders() {
    RecordRules.requireBuilders(new ClassFileImporter().importPackages("dev.fanfare.loadtest"));
  }

  private static String name(String layer) {
    return "dev.fanfare.loadtest." + layer;
  }
}
