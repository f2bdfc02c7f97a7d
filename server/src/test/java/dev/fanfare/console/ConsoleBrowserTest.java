package dev.fanfare.console;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console's pages in Chromium, against real servers: `src/test/js/console`.
final class ConsoleBrowserTest {

  @TempDir private static Path outputs;

  @BeforeAll
  static void installPackagesAndBrowser() throws IOException {
    Programs.requireJavaScript();
  }

  @Test
  void everyScreenWorks() throws Exception {
    try (ConsoleNode node = new ConsoleNode()) {
      ConsoleScript.run("pages.js", node.node(), Map.of(), outputs);
    }
  }

  @Test
  void changesAreMade() throws Exception {
    try (ConsoleNode node = new ConsoleNode()) {
      ConsoleScript.run("changes.js", node.node(), Map.of(), outputs);
    }
  }

  @Test
  void twoNodesAreShownTogether() throws Exception {
    try (TestCluster cluster =
        TestCluster.start(
            TestNode.PARTS.withConsole(ConsoleNode.ON),
            FanfareServer.Clocks.SYSTEM,
            2,
            ConsoleNode.APP)) {
      ConsoleScript.run(
          "nodes.js",
          cluster.node(0),
          Map.of("FANFARE_TEST_OTHER_PORT", Integer.toString(cluster.node(1).port())),
          outputs);
    }
  }
}
