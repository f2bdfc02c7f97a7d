package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A page of the documentation, for tests that run what it shows.
public record MarkdownPage(Path path, String text) {

  /// One block of code between lines of three backticks.
  ///
  /// @param language the word after the opening backticks, or empty
  public record Block(String language, String code) {}

  private static final Pattern BLOCK =
      Pattern.compile("^```([a-z]*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /// Reads a page by its path in the repository, such as `docs/flutter.md`.
  public static MarkdownPage read(String path) throws IOException {
    Path file = Path.of("..", path.split("/", -1));
    return new MarkdownPage(file, Files.readString(file));
  }

  /// All blocks of code, in order.
  public List<Block> blocks() {
    return BLOCK
        .matcher(text)
        .results()
        .map(match -> new Block(match.group(1), match.group(2)))
        .toList();
  }

  /// The only block of that language, empty for none, that contains this text.
  public String code(String language, String containing) {
    List<String> found =
        blocks().stream()
            .filter(block -> block.language().equals(language))
            .map(Block::code)
            .filter(code -> code.contains(containing))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          path + " has " + found.size() + " blocks of " + language + " with " + containing);
    }
    return found.getFirst();
  }
}
