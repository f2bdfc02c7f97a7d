package dev.fanfare.loadtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The dependency rules stated in [the package][dev.fanfare.loadtest], as code.
final class HouseRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fanfare.loadtest");

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

  private static String name(String layer) {
    return "dev.fanfare.loadtest." + layer;
  }
}
