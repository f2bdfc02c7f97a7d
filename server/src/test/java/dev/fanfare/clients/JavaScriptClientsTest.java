package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The official JavaScript clients, unmodified, against a running server: pusher-js in Node and in
/// Chromium, Laravel Echo and the Node server SDK. Every test file in `src/test/js` is a test here.
final class JavaScriptClientsTest {
  private static final Path FOLDER = Path.of("src", "test", "js");
  private static final Duration SETUP_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration FILE_TIMEOUT = Duration.ofSeconds(90);

  @TempDir private static Path outputs;

  @BeforeAll
  static void installPackagesAndBrowser() throws Exception {
    succeeds("setup.sh", new ProcessBuilder("sh", "setup.sh"), SETUP_TIMEOUT);
  }

  @TestFactory
  Stream<DynamicTest> everyFilePasses() throws IOException {
    List<String> files;
    try (Stream<Path> entries = Files.list(FOLDER)) {
      files = entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
    return files.stream()
        .filter(file -> file.endsWith(".test.js"))
        .map(file -> dynamicTest(file, () -> passes(file)));
  }

  /// Fails also when the file ran no test: `run.js` sees to that.
  private static void passes(String file) throws Exception {
    try (TestNode node = TestNode.start(app(file))) {
      ProcessBuilder command = new ProcessBuilder("node", "run.js", file);
      command
          .environment()
          .putAll(
              Map.of(
                  "FANFARE_TEST_HOST", "127.0.0.1",
                  "FANFARE_TEST_PORT", Integer.toString(node.port()),
                  "FANFARE_TEST_APP_ID", node.app().id(),
                  "FANFARE_TEST_APP_KEY", node.app().key(),
                  "FANFARE_TEST_APP_SECRET", node.app().secret().reveal()));
      succeeds(file, command, FILE_TIMEOUT);
    }
  }

  private static App app(String file) {
    AppOptions options = TestNode.APP.options();
    return switch (file) {
      case "compression.test.js" -> TestNode.COMPRESSING_APP;
      case "origins.test.js" ->
          TestNode.APP.withOptions(options.withAllowedOrigins(List.of("https://allowed.example")));
      default -> TestNode.APP;
    };
  }

  private static void succeeds(String title, ProcessBuilder command, Duration timeout)
      throws IOException, InterruptedException {
    Path output = outputs.resolve(title + ".txt");
    Process process =
        command
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(timeout);
      assertThat(ended).as("%s ends in time:%n%s", title, Files.readString(output)).isTrue();
      assertThat(process.exitValue()).as("%s:%n%s", title, Files.readString(output)).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
