package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Programs of Debian's packages that are not installed, for what is installed is also started:
/// they are unpacked into a folder of the build.
public final class Packages {

  private static final Path FOLDER = Path.of("target", "packages").toAbsolutePath();

  private Packages() {}

  /// The folder that holds the contents of these packages, which are fetched if they are not there.
  public static Path unpacked(String... names) throws IOException {
    Path root = FOLDER.resolve(names[0]);
    Programs.alone(() -> unpack(root, names));
    return root;
  }

  private static void unpack(Path root, String... names) throws IOException {
    Path done = root.resolve("done");
    if (!Files.exists(done)) {
      Files.createDirectories(root);
      String all = String.join(" ", names);
      String script =
          "cd '"
              + root
              + "' && apt-get update -qq && apt-get download -qq "
              + all
              + " && for each in *.deb; do dpkg -x \"$each\" . || exit 1; done";
      Programs.run("sh", "-c", script);
      Files.createFile(done);
    }
  }

  /// Every folder with shared libraries below `root`, as the loader wants them.
  public static String libraryPath(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<String> folders =
          files
              .filter(file -> file.getFileName().toString().contains(".so."))
              .map(file -> file.resolveSibling("").toString())
              .distinct()
              .toList();
      return String.join(":", folders);
    }
  }
}
