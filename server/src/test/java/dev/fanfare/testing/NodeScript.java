package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Tests in JavaScript, below `src/test/js`, that run in Node.js beside a server.
public final class NodeScript {

  private static final Path FOLDER = Path.of("src", "test", "js");

  private NodeScript() {}

  /// Runs a file that uses `node:test`; one test that fails makes it fail.
  ///
  /// @param environment what the file gets
  /// @param outputs folder for what it prints
  public static void run(
      String file, Map<String, String> environment, Path outputs, Duration timeout)
      throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("node", "--test-reporter=spec", file);
    command.environment().putAll(environment);
    assertThat(succeeds(file.replace('/', '-'), command, outputs, timeout))
        .containsPattern("pass [1-9]")
        .contains("fail 0");
  }

  /// Runs a command in the folder of the scripts, which must exit with 0; returns its output.
  ///
  /// @param title names it, and the file of its output
  public static String succeeds(
      String title, ProcessBuilder command, Path outputs, Duration timeout)
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
      String text = Files.readString(output);
      assertThat(ended).as("%s ends in time:%n%s", title, text).isTrue();
      assertThat(process.exitValue()).as("%s:%n%s", title, text).isZero();
      return text;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
