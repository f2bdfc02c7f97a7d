package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/// Any input gives a configuration or a list of problems, never an exception. The repetition is the
/// seed.
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

  // Pieces of soketi's JSON.
  private static final List<String> JSON =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\t",
          "null",
          "-1",
          "1e9",
          "\"\\ud83d\"",
          "\"port\": ",
          "\"presence\": {",
          "\"eventLimits.maxPayloadInKb\": ",
          "\"appManager.array.apps\": [{",
          "\"id\": \"1\",",
          "\"key\": \"k\",",
          "\"secret\": \"s\",",
          "\"maxConnections\": ",
          "\"webhooks\": [{",
          "\"url\": \"http://a\",",
          "\"event_types\": [\"cache_miss\"],",
          "\"filter\": {",
          "\"headers\": {",
          "\"channel_name_starts_with\": ",
          "\"lambda_function\": \"f\"",
          "}]}]}",
          "true");

  private static final List<String> ALIASES =
      List.of(
          "SOKETI_PORT",
          "SOKETI_DEFAULT_APP_ID",
          "SOKETI_DEFAULT_APP_KEY",
          "SOKETI_DEFAULT_APP_SECRET",
          "SOKETI_DEFAULT_APP_WEBHOOKS",
          "SOKETI_EVENT_MAX_SIZE_IN_KB",
          "SOKETI_DB_X",
          "SOKETI_",
          "REVERB_APP_ID",
          "REVERB_MAX_REQUEST_SIZE",
          "PUSHER_APP_KEY");

  @TempDir Path directory;

  @RepeatedTest(10)
  void noConfigurationOfAnotherServerThrows(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < WRITINGS; i++) {
      String json = (random.nextBoolean() ? "{\"port\": 1, " : "") + text(random, JSON, 30);
      Given given = new Given(directory);
      given.file(given.write("soketi.json", json));
      for (int v = random.nextInt(4); v > 0; v--) {
        String value = random.nextBoolean() ? text(random, JSON, 12) : text(random, PIECES, 2);
        given.variable(pick(random, ALIASES), value.replace("\u0000", ""));
      }
      assertThatCode(given::read).as(json).doesNotThrowAnyException();
    }
  }

  @RepeatedTest(10)
  void noConfigurationThrows(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < WRITINGS; i++) {
      String yaml = text(random, PIECES, random.nextInt(40));
      Given given = new Given(directory).yaml(yaml);
      for (int v = random.nextInt(4); v > 0; v--) {
        given.variable(
            "FANFARE_" + pick(random, NAMES), text(random, PIECES, 4).replace("\u0000", ""));
      }
      assertThatCode(given::read).as(yaml).doesNotThrowAnyException();
    }
  }

  private static String text(Random random, List<String> from, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(pick(random, from));
    }
    return text.toString();
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
