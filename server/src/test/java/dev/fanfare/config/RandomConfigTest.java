package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a person writes, the answer is a configuration or a list of problems, never an
/// exception. The repetition is the seed.
final class RandomConfigTest {

  private static final int WRITINGS = 100;

  // Pieces of YAML, of our keys and of nonsense: enough to get past the parser now and then.
  private static final List<String> PIECES =
      List.of(
          "server:",
          "apps:",
          "limits:",
          "port:",
          "host:",
          "id:",
          "key:",
          "secret:",
          "secret_file:",
          "allowed_origins:",
          "client_events:",
          "max_event_bytes:",
          "webhooks:",
          "url:",
          "events:",
          "channels:",
          "pattern:",
          "headers:",
          "- ",
          "  ",
          "    ",
          "\n",
          "\n",
          "\n  ",
          "\n    ",
          "\n  - ",
          " ",
          "{",
          "}",
          "[",
          "]",
          ", ",
          ": ",
          "1",
          "6001",
          "true",
          "abc",
          "\"",
          "'",
          "*",
          "&a ",
          "*a",
          "!!int ",
          "~",
          "#",
          "|\n",
          ">\n",
          "---\n",
          "%YAML 1.2\n",
          "\t",
          "\u0000",
          "é",
          "\uD83D\uDE00",
          "\uFEFF",
          "<<: ",
          "? ",
          "-1",
          "99999999999999999999",
          "..");

  private static final List<String> NAMES =
      List.of(
          "PORT",
          "HOST",
          "CONFIG",
          "APPS",
          "APP_ID",
          "APP_KEY",
          "APP_SECRET",
          "APP_SECRET_FILE",
          "APPS_0_ID",
          "APPS_0_KEY",
          "APPS_99999_ID",
          "APPS_0_",
          "APP_",
          "",
          "X",
          "LOG",
          "APPS_1_X",
          "APP_WEBHOOKS_0_URL",
          "APP_WEBHOOKS_0_HEADERS",
          "APPS_0_WEBHOOKS_1_EVENTS",
          "APPS_0_WEBHOOKS_",
          "WEBHOOKS_HOLD_BACK_SECONDS",
          "WEBHOOKS_0_URL");

  @TempDir Path directory;

  @RepeatedTest(10)
  void nothingThatIsWrittenThrows(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < WRITINGS; i++) {
      String yaml = text(random, random.nextInt(40));
      Given given = new Given(directory).yaml(yaml);
      for (int v = random.nextInt(4); v > 0; v--) {
        given.variable("FANFARE_" + pick(random, NAMES), text(random, 4).replace("\u0000", ""));
      }
      assertThatCode(given::read).as(yaml).doesNotThrowAnyException();
    }
  }

  private static String text(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(pick(random, PIECES));
    }
    return text.toString();
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
