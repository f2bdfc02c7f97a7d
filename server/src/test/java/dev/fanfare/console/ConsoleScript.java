package dev.fanfare.console;

import dev.fanfare.testing.NodeScript;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Runs files of `src/test/js/console`, which open the console's pages in Chromium, with pusher-js
/// clients beside them. `-Dfanfare.test.pictures=FOLDER` keeps pictures of the screens.
final class ConsoleScript {

  private static final Duration TIMEOUT = Duration.ofMinutes(6);

  private ConsoleScript() {}

  /// @param node whose console is opened
  /// @param more variables of the environment
  static void run(String file, TestNode node, Map<String, String> more, Path outputs)
      throws IOException, InterruptedException {
    run(file, node, more, outputs, TIMEOUT);
  }

  /// The same, with another time limit.
  static void run(
      String file, TestNode node, Map<String, String> more, Path outputs, Duration timeout)
      throws IOException, InterruptedException {
    String link = Objects.requireNonNull(node.server().consoleLink());
    String url = "http://127.0.0.1:" + node.server().consolePort() + "/#login=" + link;
    Map<String, String> environment = new HashMap<>(more);
    environment.put("FANFARE_TEST_HOST", "127.0.0.1");
    environment.put("FANFARE_TEST_PORT", Integer.toString(node.port()));
    environment.put("FANFARE_TEST_APP_ID", TestNode.APP.id());
    environment.put("FANFARE_TEST_APP_KEY", TestNode.APP.key());
    environment.put("FANFARE_TEST_APP_SECRET", TestNode.APP.secret().reveal());
    run(file, url, environment, outputs, timeout);
  }

  /// @param url that logs in
  static void run(String file, String url, Map<String, String> more, Path outputs)
      throws IOException, InterruptedException {
    run(file, url, more, outputs, TIMEOUT);
  }

  private static void run(
      String file, String url, Map<String, String> more, Path outputs, Duration timeout)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("FANFARE_TEST_CONSOLE_URL", url);
    String pictures = System.getProperty("fanfare.test.pictures");
    if (pictures != null) {
      environment.put("FANFARE_TEST_PICTURES", Path.of(pictures).toAbsolutePath().toString());
    }
    NodeScript.run("console/" + file, environment, outputs, timeout);
  }
}
