package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// `docs/migration.md` works as written. Each section is followed to the letter in a separate
/// folder, except for the port, which must be a free one.
final class MigrationGuideTest {

  private static final Path GUIDE = Path.of("../docs/migration.md");
  private static final Path MODULES = Path.of("src/test/js/node_modules").toAbsolutePath();
  private static final Pattern BLOCK = Pattern.compile("```([a-z]+)\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  private record Block(String language, String text) {}

  /// A shell in a folder, with `fanfare` and the npm packages at hand.
  private record Shell(Path folder, Map<String, String> environment) {

    Process start(String script) throws IOException {
      ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script);
      Map<String, String> variables = builder.environment();
      variables.keySet().removeIf(name -> name.matches("(FANFARE|SOKETI|REVERB|PUSHER)_.*"));
      variables.merge("PATH", folder.resolve("bin") + ":", (path, bin) -> bin + path);
      variables.put("NODE_PATH", MODULES.toString());
      // On a busy machine pusher-js tries wss too, and Node warns of an IP address as TLS server
      // name.
      variables.put("NODE_NO_WARNINGS", "1");
      variables.putAll(environment);
      return builder.directory(folder.toFile()).redirectErrorStream(true).start();
    }

    String run(String script) throws IOException {
      Process process = start(script);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Programs.waitFor(process)).as("%s:%n%s", script, output).isZero();
      return output;
    }
  }

  @BeforeAll
  static void installPackages() throws IOException {
    Programs.requireJavaScript();
  }

  @TestFactory
  Stream<DynamicTest> everySectionDoesWhatItSays() throws IOException {
    String guide = Files.readString(GUIDE);
    List<String> sections = List.of(guide.split("\n(?=## )"));
    List<Block> common = blocks(sections.getFirst());
    assertThat(common).extracting(Block::language).containsExactly("js");
    List<String> from = sections.stream().filter(text -> text.startsWith("## From ")).toList();
    assertThat(from).hasSize(3);
    return from.stream()
        .map(text -> {
          String title = text.lines().findFirst().orElseThrow().substring("## ".length());
          return dynamicTest(title, () -> follow(title, common.getFirst(), blocks(text)));
        });
  }

  private static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    for (MatchResult match : BLOCK.matcher(text).results().toList()) {
      blocks.add(new Block(match.group(1), match.group(2)));
    }
    return blocks;
  }

  private void follow(String title, Block program, List<Block> blocks) throws IOException {
    assertThat(blocks)
        .extracting(Block::language)
        .containsExactly("ini", "sh", "text", "sh", "sh", "text");
    int port = FreePort.number();
    Path folder = Files.createDirectory(directory.resolve(title.replace(' ', '-')));
    command(folder);
    Files.writeString(folder.resolve("try.js"), program.text());
    String env = blocks.get(0).text().replaceAll("(_PORT=)(6001|8080)\n", "$1" + port + "\n");
    assertThat(env).contains("=" + port + "\n");
    Files.writeString(folder.resolve(".env"), env);
    Shell shell = new Shell(folder, Map.of());
    assertThat(shell.run(blocks.get(1).text())).isEqualTo(blocks.get(2).text());
    Shell onThatPort =
        new Shell(
            folder, Map.of("FANFARE_PORT", Integer.toString(port), "FANFARE_METRICS_PORT", "0"));
    Process server = onThatPort.start(blocks.get(3).text());
    try {
      awaitStart(server);
      assertThat(shell.run(blocks.get(4).text())).isEqualTo(blocks.get(5).text());
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
    }
  }

  /// `fanfare` with the classes of this build.
  private static void command(Path folder) throws IOException {
    Path file = Files.createDirectory(folder.resolve("bin")).resolve("fanfare");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    Files.writeString(
        file,
        """
        #!/bin/sh
        exec '%s' --enable-native-access=ALL-UNNAMED -Dlogback.configurationFile=logback.xml \\
          -cp '%s' dev.fanfare.cli.Main "$@"
        """
            .formatted(java, classes));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void awaitStart(Process server) throws IOException {
    BufferedReader lines = server.inputReader();
    List<String> seen = new ArrayList<>();
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("after %s", seen).isNotNull();
      seen.add(line);
    } while (!line.startsWith("  address"));
  }
}
