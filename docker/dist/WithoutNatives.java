import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Removes BoringSSL from a jar: docker/dist/tree has put the library for this machine beside it, and the
/// other one is not usable there. Run from source:
///
///     java docker/dist/WithoutNatives.java JAR
final class WithoutNatives {

  private static final String NAME = "libnetty_tcnative_";

  private WithoutNatives() {}

  public static void main(String[] args) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(Path.of(args[0]));
        Stream<Path> natives = Files.list(jar.getPath("META-INF/native"))) {
      List<Path> found =
          natives.filter(path -> path.getFileName().toString().startsWith(NAME)).toList();
      for (Path path : found) {
        Files.delete(path);
      }
    }
  }
}
