package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console's pages in Chromium, against real servers: `src/test/js/console`.
final class ConsoleBrowserTest {

  private static final int LIFE_SECONDS = 400;
  private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/#login=\\S+");

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

  /// The story of `docs/console.md`: a wrong secret, and a webhook that was not accepted.
  @Test
  void mistakesAreFoundAndRepaired() throws Exception {
    try (Receiver receiver = new Receiver();
        AuditLines audit = new AuditLines()) {
      Outbox outbox = Outboxes.inMemory(100);
      WebhookEndpoint gone = WebhookEndpoint.at("http://127.0.0.1:1/hook?token=hush-2");
      App app = ConsoleNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url()), gone));
      for (String url : List.of(receiver.url(), gone.url())) {
        String event = "{\"name\":\"channel_vacated\",\"channel\":\"<img src=x>\"}";
        Draft draft = new Draft(app.id(), url, "<img src=x>", 1_327_078_148_132L, event);
        outbox.dead(outbox.accept(List.of(draft)), 1_327_078_448_132L, "HTTP 500");
      }
      try (ConsoleNode node =
          new ConsoleNode(
              TestNode.PARTS.withConsole(ConsoleNode.ON), outbox, app, ConsoleNode.OTHER)) {
        ConsoleScript.run(
            "story.js",
            node.node(),
            Map.of("FANFARE_TEST_OTHER_SECRET", ConsoleNode.OTHER.secret().reveal()),
            outputs);
      }
      assertThat(audit.all().toString()).contains("replay", "purge").doesNotContain("hush-2");
    }
  }

  /// A server that was started from a file, as a separate process.
  @Test
  void theServerItselfIsShown() throws Exception {
    Path file =
        Files.writeString(
            outputs.resolve("fanfare.yaml"),
            """
            server:
              port: 0
              console: true
              console_port: 0
            apps:
              - id: "1"
                key: key-1
                secret: hush-hush-hush
            """);
    Process server =
        ServerProcess.command(LIFE_SECONDS, Map.of(), "start", "--config", file.toString());
    try {
      Map<String, String> environment =
          Map.of(
              "FANFARE_TEST_PORT", "0",
              "FANFARE_TEST_APP_ID", "1",
              "FANFARE_TEST_APP_KEY", "key-1",
              "FANFARE_TEST_APP_SECRET", "hush-hush-hush");
      ConsoleScript.run("server.js", link(server), environment, outputs);
    } finally {
      server.destroyForcibly();
    }
  }

  /// The address that logs in, which the server prints.
  private static String link(Process server) throws IOException {
    BufferedReader lines = server.inputReader();
    String line;
    while ((line = lines.readLine()) != null) {
      Matcher link = LINK.matcher(line);
      if (link.find()) {
        return link.group();
      }
    }
    throw new IOException("the server has printed no link");
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
