package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the console of one node shows of two.
final class NodesOfConsoleTest {

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private final TestCluster cluster =
      TestCluster.start(
          TestNode.PARTS.withConsole(ConsoleNode.ON),
          FanfareServer.Clocks.SYSTEM,
          2,
          ConsoleNode.APP,
          ConsoleNode.OTHER);
  private final ConsoleReader console =
      new ConsoleReader(cluster.node(0).server().consolePort(), ConsoleNode.APP);

  @AfterEach
  void stop() {
    console.close();
    cluster.close();
  }

  private static boolean haveAnswered(JsonNode nodes) {
    return nodes.get("nodes").valueStream().allMatch(node -> node.has("answer"));
  }

  @Test
  void everyNodeIsShownByName() throws IOException {
    JsonNode nodes = console.await("/api/nodes", "", NodesOfConsoleTest::haveAnswered).get("nodes");
    assertThat(nodes).hasSize(2);
    assertThat(nodes.get(0).get("node").stringValue()).isEqualTo("node-a");
    assertThat(nodes.get(1).get("node").stringValue()).isEqualTo("node-b");
    assertThat(nodes.get(1).get("answer").get("ready").asBoolean()).isTrue();
    assertThat(nodes.get(1).get("answer").get("node").stringValue()).isEqualTo("node-b");
  }

  @Test
  void connectionsOfBothNodesAreListed() throws IOException {
    try (RawSocket here = cluster.node(0).connect();
        RawSocket there = cluster.node(1).connect()) {
      JsonNode nodes =
          console
              .await(
                  "/api/apps/1234/nodes/connections",
                  "limit=5",
                  found -> haveAnswered(found) && found.toString().contains(there.socketId()))
              .get("nodes");
      assertThat(nodes.get(0).get("answer").toString()).contains(here.socketId());
      assertThat(nodes.get(1).get("answer").toString())
          .contains(there.socketId())
          .doesNotContain(here.socketId());
      JsonNode one =
          console
              .await(
                  "/api/apps/1234/nodes/connections/" + there.socketId(),
                  "",
                  NodesOfConsoleTest::haveAnswered)
              .get("nodes");
      assertThat(one.get(0).get("answer").get("error").stringValue())
          .isEqualTo("This node has no connection " + there.socketId());
      assertThat(one.get(1).get("answer").get("open").asBoolean()).isTrue();
    }
  }

  @Test
  void onlyListsOfTheAppAreAskedFor() throws IOException {
    assertThat(console.send("/api/apps/1234/nodes/config", "").statusCode()).isEqualTo(404);
    assertThat(console.send("/api/apps/2/nodes/traces", "").statusCode()).isEqualTo(401);
  }

  /// Its own rows come at once, those of the other node as soon as it is asked.
  @Test
  void theStreamOfAllNodesHasTheRowsOfBoth() throws IOException {
    String query =
        Api.signedQuery(
            ConsoleNode.APP,
            "GET",
            "/api/stream",
            "app=1234&kind=subscribe&nodes=all",
            "",
            System.currentTimeMillis() / 1_000);
    URI address =
        URI.create(
            "http://127.0.0.1:" + cluster.node(0).server().consolePort() + "/api/stream?" + query);
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(address.toURL().openStream(), StandardCharsets.UTF_8));
        RawSocket here = cluster.node(0).connect();
        RawSocket there = cluster.node(1).connect()) {
      assertThat(lines.readLine()).isEqualTo(": the rows of app 1234");
      here.subscribe("here");
      readUntil(lines, "\"channel\":\"here\"", "\"node\":\"node-a\"");
      long sinceNs = System.nanoTime();
      int number = 0;
      boolean isThere = false;
      while (!isThere) {
        assertThat(System.nanoTime() - sinceNs).isLessThan(PATIENCE_NS);
        number++;
        there.subscribe("there-" + number);
        here.subscribe("here-" + number);
        isThere = readUntil(lines, "\"channel\":\"here-" + number + "\"").contains("node-b");
      }
    }
  }

  private static String readUntil(BufferedReader lines, String... wanted) throws IOException {
    StringBuilder read = new StringBuilder();
    String line;
    while ((line = lines.readLine()) != null) {
      read.append(line);
      if (Arrays.stream(wanted).allMatch(line::contains)) {
        return read.toString();
      }
    }
    throw new IOException("the stream has ended");
  }

  @Test
  void aNodeThatIsGoneIsSilentAndThenNotAskedAnyMore() throws IOException {
    JsonNode both = console.await("/api/nodes", "", NodesOfConsoleTest::haveAnswered);
    assertThat(both.get("nodes")).hasSize(2);
    cluster.cut(1);
    JsonNode nodes = console.get("/api/nodes", "").get("nodes");
    if (nodes.size() > 1) { // else a busy machine has let the lease pass
      assertThat(nodes.get(1)).hasToString("{\"node\":\"node-b\",\"silent\":true}");
    }
    JsonNode alone = console.await("/api/nodes", "", found -> found.get("nodes").size() == 1);
    assertThat(alone.get("nodes").get(0).get("node").stringValue()).isEqualTo("node-a");
  }
}
