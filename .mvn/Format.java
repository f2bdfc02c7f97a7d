import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/// Runs google-java-format on every Java file of the tree. The build starts it from source, on the
/// JDK that the code is written for: the formatter parses with the javac of the JDK it runs on, and
/// the JDK that runs Maven may be too old for our syntax.
///
///     Format.java (check | apply)
final class Format {

  private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git");

  private Format() {}

  public static void main(String[] args) throws IOException {
    var check =
        switch (args[0]) {
          case "check" -> true;
          case "apply" -> false;
          default -> throw new IllegalArgumentException("expected check or apply, not " + args[0]);
        };
    var command = new ArrayList<String>();
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    var options = command.size();
    collect(Path.of(""), command);
    if (command.size() == options) {
      return; // without a file, the formatter would print its usage and fail
    }
    var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    var code = formatter.run(System.out, System.out, command.toArray(String[]::new));
    if (code != 0 && check) {
      System.out.println("The files above are not formatted. To format all files, run");
      System.out.println("    mvn -q -N -Pformat process-sources");
    }
    System.exit(code);
  }

  private static void collect(Path directory, List<String> files) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
          if (!SKIPPED.contains(name)) {
            collect(entry, files);
          }
        } else if (name.endsWith(".java")) {
          files.add(entry.toString());
        }
      }
    }
  }
}
