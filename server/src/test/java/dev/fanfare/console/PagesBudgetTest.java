package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a browser loads stays small, as do the files that people read. Screens are loaded when they
/// are first shown, so the budget is for what the first screen needs, whichever it is.
final class PagesBudgetTest {

  private static final Path OWN = Path.of("src/main/resources/dev/fanfare/console/pages");
  private static final Path BUILT = Path.of("target/classes/dev/fanfare/console/pages");

  private static final int MAX_OWN_BYTES = 85_000;
  private static final int MAX_BYTES = 150_000;
  private static final int MAX_GZIP_BYTES = 50_000;

  /// Of all files, which the jar carries.
  private static final int MAX_ALL_BYTES = 250_000;

  private static final int MAX_LINES = 150;

  /// A file that another one needs, such as `'./part.js'`: not one that `import()` may load later.
  private static final Pattern NAMED =
      Pattern.compile("(?<!import\\()[\"'](\\.{0,2}/[\\w./-]+\\.(?:js|css|svg))[\"']");

  /// Modules that no file names, so that `screens.js` composes their names.
  static List<Path> screens() throws IOException {
    Set<Path> named = new TreeSet<>();
    for (Path file : files(OWN, _ -> true)) {
      named.addAll(namedBy(BUILT.resolve(OWN.relativize(file))));
    }
    return files(BUILT, file -> file.toString().endsWith(".js") && !isOfLibrary(file)).stream()
        .filter(file -> Files.exists(OWN.resolve(BUILT.relativize(file))))
        .filter(file -> !named.contains(file))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  @Test
  void screensAreLoadedWhenTheyAreFirstShown() throws IOException {
    assertThat(screens()).contains(BUILT.resolve("live.js"), BUILT.resolve("nodes.js"));
    assertThat(loadedFor(BUILT.resolve("nodes.js")))
        .contains(BUILT.resolve("main.js"), BUILT.resolve("vendor/lit-html/lit-html.js"))
        .doesNotContain(BUILT.resolve("live.js"));
  }

  @ParameterizedTest
  @MethodSource("screens")
  void aFirstLoadIsSmall(Path screen) throws IOException {
    Set<Path> files = loadedFor(screen);
    assertThat(bytes(files.stream().filter(file -> !isOfLibrary(file)).toList()))
        .as("bytes of our own files for %s", screen)
        .isLessThanOrEqualTo(MAX_OWN_BYTES);
    assertThat(bytes(files)).as("bytes for %s", screen).isLessThanOrEqualTo(MAX_BYTES);
    assertThat(gzipBytes(files))
        .as("compressed bytes for %s", screen)
        .isPositive()
        .isLessThanOrEqualTo(MAX_GZIP_BYTES);
  }

  @Test
  void allFilesTogetherAreSmall() throws IOException {
    assertThat(bytes(files(BUILT, file -> !file.endsWith("LICENSE"))))
        .isPositive()
        .isLessThanOrEqualTo(MAX_ALL_BYTES);
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
    for (String library : List.of("lit-html", "uplot")) {
      assertThat(BUILT.resolve("vendor").resolve(library).resolve("LICENSE")).isNotEmptyFile();
    }
  }

  /// What is loaded until a screen is shown first: the page, what it names, and so on.
  private static Set<Path> loadedFor(Path screen) throws IOException {
    Set<Path> loaded = new TreeSet<>();
    load(BUILT.resolve("index.html"), loaded);
    load(screen, loaded);
    return loaded;
  }

  private static void load(Path file, Set<Path> loaded) throws IOException {
    if (loaded.add(file)) {
      for (Path named : namedBy(file)) {
        load(named, loaded);
      }
    }
  }

  private static Set<Path> namedBy(Path file) throws IOException {
    Set<Path> named = new TreeSet<>();
    Matcher matcher = NAMED.matcher(Files.readString(file));
    while (matcher.find()) {
      String name = matcher.group(1);
      named.add(name.startsWith("/") ? BUILT.resolve(name.substring(1)) : beside(file, name));
    }
    return named;
  }

  private static Path beside(Path file, String name) {
    return file.resolveSibling(name).normalize();
  }

  private static boolean isOfLibrary(Path file) {
    return file.startsWith(BUILT.resolve("vendor"));
  }

  private static long bytes(Collection<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static long gzipBytes(Collection<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(Files.readAllBytes(file));
      }
      bytes += packed.size();
    }
    return bytes;
  }

  private static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(wanted).toList();
    }
  }
}
