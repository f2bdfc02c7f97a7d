package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages of the documentation refer to what exists, and so do the comments that cite them.
final class DocumentationTest {

  private static final Path ROOT = Path.of("..");
  private static final Path PROTOCOL = ROOT.resolve("docs/protocol.md");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  /// `section 2.3`, `sections 2.3, 4.1` and `sections 6.6 to 6.8`, but not a section of an RFC.
  private static final Pattern CITATION =
      Pattern.compile(
          "(?<!RFC \\d{4},? )\\bsections? (\\d+(?:\\.\\d+)*(?:(?:, | and | to"
              + " )\\d+(?:\\.\\d+)*)*)");

  @Test
  void everyLinkHasATarget() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
      for (String link : LINK.matcher(text).results().map(match -> match.group(1)).toList()) {
        if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
          dead.add(page + ": " + link);
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void theIndexHasEveryPage() throws IOException {
    String index = Files.readString(ROOT.resolve("docs/README.md"));
    for (Path page : pages()) {
      String name = page.getFileName().toString();
      if (ROOT.resolve("docs").equals(page.getParent()) && !name.equals("README.md")) {
        assertThat(index).contains("](" + name + ")");
      }
    }
  }

  @Test
  void everyCitedSectionIsInTheProtocolReference() throws IOException {
    Set<String> sections = new TreeSet<>();
    for (String heading : headings(Files.readString(PROTOCOL))) {
      sections.add(heading.split("[. ]*(?= )", 2)[0]);
    }
    Set<String> cited = new TreeSet<>();
    for (String module : List.of("protocol", "server", "loadtest")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(file -> cite(file, cited));
      }
    }
    assertThat(cited).hasSizeGreaterThan(30);
    assertThat(sections).containsAll(cited);
  }

  private static void cite(Path file, Set<String> cited) {
    String text = read(file).replaceAll("\\s*\\n\\s*//+\\s*", " ");
    for (MatchResult match : CITATION.matcher(text).results().toList()) {
      cited.addAll(List.of(match.group(1).split(", | and | to ")));
    }
  }

  private static boolean leadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /// As GitHub makes them of headings.
  private static Set<String> anchors(Path page) {
    return headings(read(page)).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<String> headings(String page) {
    String text = CODE_BLOCK.matcher(page).replaceAll("");
    return HEADING.matcher(text).results().map(match -> match.group(1).strip()).toList();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "docs/adr")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
