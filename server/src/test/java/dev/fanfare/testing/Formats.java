package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What released versions have written, recorded by themselves: a folder for each version, with
/// those formats that it has changed. With `-Dfanfare.formats.record=VERSION`, this build records
/// its own.
public final class Formats {

  private static final Path ALL = Path.of("src/test/resources/formats");
  private static final HexFormat HEX = HexFormat.of();
  private static final int LINE_CHARS = 120;

  private Formats() {}

  /// The version that is being recorded; null in tests.
  public static @Nullable String recorded() {
    return System.getProperty("fanfare.formats.record");
  }

  /// The versions that have recorded this, oldest first.
  public static List<String> versions(String name) throws IOException {
    try (Stream<Path> folders = Files.list(ALL)) {
      List<String> versions =
          folders
              .filter(folder -> Files.exists(folder.resolve(name)))
              .map(folder -> folder.getFileName().toString())
              .sorted((one, other) -> Arrays.compare(numbers(one), numbers(other)))
              .toList();
      assertThat(versions).as(name).isNotEmpty();
      return versions;
    }
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  public static Path path(String version, String name) {
    return ALL.resolve(version).resolve(name);
  }

  /// A recorded text.
  public static String text(String version, String name) throws IOException {
    return Files.readString(path(version, name));
  }

  /// Recorded bytes.
  public static byte[] bytes(String version, String name) throws IOException {
    return HEX.parseHex(text(version, name).replace("\n", ""));
  }

  /// Fails unless this build writes what was recorded last: a change of a format needs the folder
  /// of a new version.
  public static void assertUnchanged(String name, byte[] written) throws IOException {
    String version = recorded();
    String hex = HEX.formatHex(written).replaceAll("(.{" + LINE_CHARS + "})", "$1\n") + "\n";
    if (version != null) {
      Path path = path(version, name);
      Files.createDirectories(path.getParent());
      Files.writeString(path, hex);
    }
    assertThat(hex)
        .as("%s; docs/versions.md says what a change of a format requires", name)
        .isEqualTo(text(versions(name).getLast(), name));
  }
}
