package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The live view of the console, open for long while 250 events a second are published: it shows a
/// bounded number of rows. `-Dfanfare.page.seconds=600 -Dfanfare.page.report=FILE` is the full
/// form, which reports the growth of its heap and its long tasks.
final class SteadyPageTest {

  private static final int SECONDS = Integer.getInteger("fanfare.page.seconds", 6);

  @Test
  void itsRowsAreBounded(@TempDir Path outputs) throws Exception {
    try (ConsoleNode node = new ConsoleNode()) {
      ConsoleScript.run(
          "steady.js",
          node.node(),
          Map.of("FANFARE_TEST_SECONDS", Integer.toString(SECONDS)),
          outputs,
          Duration.ofSeconds(SECONDS).plusMinutes(5));
    }
    Path output = outputs.resolve("console-steady.js.txt");
    assertThat(output).content().contains("report: in ");
    String report = System.getProperty("fanfare.page.report");
    if (report != null) {
      Files.copy(output, Path.of(report), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
