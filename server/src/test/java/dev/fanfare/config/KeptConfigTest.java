package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.sql.AppRow;
import dev.fanfare.testing.Formats;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Configurations as released versions printed them, with every option, are accepted and mean the
/// same; so are rows of the table of apps.
final class KeptConfigTest {

  private static final String CONFIG = "config/fanfare.yaml";
  private static final String ROW = "config/app-row.properties";

  @TempDir private Path directory;

  static List<String> configs() throws IOException {
    return Formats.versions(CONFIG);
  }

  static List<String> rows() throws IOException {
    return Formats.versions(ROW);
  }

  private static List<String> values(String printed) {
    return printed.lines().map(line -> line.replaceAll(" +#.*", "")).toList();
  }

  /// Without defaults that must not be written beside another kind of replay.
  private static String readable(String printed) {
    return printed
        .lines()
        .filter(line -> !line.matches(" +(rewind_\\w+|new_reader): .* # default"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void everyOptionIsAcceptedAndMeansTheSame(String version) throws IOException {
    String recorded = Formats.text(version, CONFIG);
    Given given = new Given(directory).yaml(recorded);
    assertThat(given.problems()).isEmpty();
    assertThat(values(given.printed())).containsSubsequence(values(recorded));
  }

  /// A new option needs no new folder; that a recorded one is renamed or removed, or has another
  /// default, does.
  @Test
  void thisVersionPrintsWhatWasRecordedLast() throws IOException {
    Given given =
        new Given(directory)
            .yaml(Files.readString(Path.of("src/test/resources/formats/given.yaml")));
    String version = Formats.recorded();
    if (version != null) {
      Path path = Formats.path(version, CONFIG);
      Files.createDirectories(path.getParent());
      Files.writeString(path, readable(given.printed()));
    }
    assertThat(values(given.printed()))
        .containsSubsequence(values(Formats.text(configs().getLast(), CONFIG)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aRowIsReadAsTheAppThatItWas(String version) throws IOException {
    Properties columns = new Properties();
    columns.load(new StringReader(Formats.text(version, ROW)));
    Map<String, String> texts = new HashMap<>();
    columns.stringPropertyNames().forEach(name -> texts.put(name, columns.getProperty(name)));
    Given given = new Given(directory).variable("FANFARE_APPS_FROM", "postgres");
    Parsed<App> read =
        new AppRows(given.config())
            .read(new AppRow(columns.getProperty("id", ""), columns.getProperty("key", ""), texts));
    App app = ((Parsed.Ok<App>) read).value();
    assertThat(app.id()).isEqualTo("7");
    assertThat(app.options().clientEvents()).isTrue();
    assertThat(app.limits().maxConnections()).isEqualTo(500);
    assertThat(app.webhooks()).hasSize(1);
    assertThat(app.history()).hasSize(1);
    assertThat(new AppRows(given.config()).write(app)).isInstanceOf(Parsed.Ok.class);
  }
}
