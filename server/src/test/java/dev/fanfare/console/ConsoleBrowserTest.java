package dev.fanfare.console;

import dev.fanfare.testing.NodeScript;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console's pages in Chromium, against a real server and with pusher-js clients beside them:
/// `src/test/js/console/pages.js`. `-Dfanfare.test.pictures=FOLDER` keeps pictures of the screens.
final class ConsoleBrowserTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(6);

  @TempDir private static Path outputs;

  private final ConsoleNode node = new ConsoleNode();

  @BeforeAll
  static void installPackagesAndBrowser() throws IOException {
    Programs.requireJavaScript();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void everyScreenWorks() throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("FANFARE_TEST_HOST", "127.0.0.1");
    environment.put("FANFARE_TEST_PORT", Integer.toString(node.node().port()));
    environment.put("FANFARE_TEST_APP_ID", TestNode.APP.id());
    environment.put("FANFARE_TEST_APP_KEY", TestNode.APP.key());
    environment.put("FANFARE_TEST_APP_SECRET", TestNode.APP.secret().reveal());
    environment.put(
        "FANFARE_TEST_CONSOLE_URL",
        "http://127.0.0.1:"
            + node.port()
            + "/#login="
            + Objects.requireNonNull(node.node().server().consoleLink()));
    String pictures = System.getProperty("fanfare.test.pictures");
    if (pictures != null) {
      environment.put("FANFARE_TEST_PICTURES", Path.of(pictures).toAbsolutePath().toString());
    }
    NodeScript.run("console/pages.js", environment, outputs, TIMEOUT);
  }
}
