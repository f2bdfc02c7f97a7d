package dev.fanfare.config;

import dev.fanfare.config.value.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration that a test writes, with file names that do not depend on where it runs.
final class Given {

  /// A file with one app, to which lines of that app may be added.
  static final String APP =
      """
      apps:
        - id: "1"
          key: abc
          secret: xyz
      """;

  private final Path directory;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> flags = new HashMap<>();
  private @Nullable Path file;

  Given(Path directory) {
    this.directory = directory;
  }

  /// A file `fanfare.yaml` with this text, read as `--config` names it.
  Given yaml(String text) {
    file = write("fanfare.yaml", text);
    return this;
  }

  /// A file that is read as `--config` names it.
  Given file(Path path) {
    file = path;
    return this;
  }

  Given variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  Given flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  /// Writes a file for the configuration to name.
  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reading read() {
    return new ConfigReader(variables).read(file, flags);
  }

  Config config() {
    return switch (read()) {
      case Reading.Good good -> good.config();
      case Reading.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  List<String> problems() {
    return switch (read()) {
      case Reading.Good _ -> List.of();
      case Reading.Bad bad -> texts(bad.problems());
    };
  }

  List<String> warnings() {
    return switch (read()) {
      case Reading.Good good -> texts(good.warnings());
      case Reading.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  /// The effective configuration, as `config print` shows it.
  String printed() {
    return EffectiveYaml.of(config()).replace(directory + "/", "");
  }

  private List<String> texts(List<Problem> problems) {
    return problems.stream().map(p -> p.toString().replace(directory + "/", "")).toList();
  }
}
