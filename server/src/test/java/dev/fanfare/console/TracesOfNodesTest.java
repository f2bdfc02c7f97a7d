package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// One node is asked to publish, and its console says what another one did with the event.
final class TracesOfNodesTest {

  private final TestCluster cluster =
      TestCluster.start(
          TestNode.PARTS.withConsole(ConsoleNode.ON),
          FanfareServer.Clocks.SYSTEM,
          2,
          ConsoleNode.APP,
          ConsoleNode.OTHER);
  private final ConsoleReader console =
      new ConsoleReader(cluster.node(0).server().consolePort(), ConsoleNode.APP);
  private final Api api = new Api(cluster.node(0));
  private final RawSocket there = connected();

  private RawSocket connected() {
    cluster.awaitJoined();
    try {
      return cluster.node(1).connect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() throws IOException {
    there.close();
    api.close();
    console.close();
    cluster.close();
  }

  private JsonNode get(String path) throws IOException {
    return console.get("/api/apps/1234/" + path, "");
  }

  private JsonNode await(String path, Predicate<JsonNode> wanted) throws IOException {
    return console.await("/api/apps/1234/" + path, "", wanted);
  }

  /// Subscribes on the other node, and waits until this one knows of it.
  private void subscribe(String channel) throws IOException {
    there.subscribe(channel);
    there.nextTextContaining("subscription_succeeded");
    await("channels/" + channel, found -> found.path("subscribers").asInt() == 1);
  }

  private static String answer(JsonNode trace) {
    JsonNode answer = trace.at("/nodes/0/answer");
    StringBuilder text = new StringBuilder();
    for (String name :
        new String[] {"arrived", "subscribers", "matched", "reached", "excluded", "behind"}) {
      text.append(name).append(' ').append(answer.path(name).asString("-")).append(' ');
    }
    return text.toString().strip();
  }

  private static boolean isDelivered(JsonNode trace) {
    return trace.at("/nodes/0/answer").has("delivered_us");
  }

  @ParameterizedTest
  @ValueSource(strings = {"feed", "cache-feed"})
  void theOtherNodeSaysWhomItHasReached(String channel) throws IOException {
    subscribe(channel);
    api.publish(channel, "e", "x");
    there.nextTextContaining("\"e\"");
    JsonNode trace = await("traces/1", TracesOfNodesTest::isDelivered);
    assertThat(trace.path("subscribers").asInt()).as("of this node").isZero();
    assertThat(trace.at("/nodes/0/node").stringValue()).isEqualTo("node-b");
    assertThat(answer(trace))
        .isEqualTo("arrived true subscribers 1 matched 1 reached 1 excluded 0 behind 0");
    assertThat(answer(get("traces/1"))).startsWith("arrived true");
  }

  @Test
  void aNodeWithoutSubscribersWasNotTold() throws IOException {
    api.publish("feed", "e", "x");
    JsonNode trace = await("traces/1", found -> found.at("/nodes/0").has("answer"));
    assertThat(answer(trace)).startsWith("arrived false subscribers -");
  }

  @Test
  void theStepsAreThoseOfTheNodeThatHasTheConnection() throws IOException {
    subscribe("feed");
    api.publish("feed", "e", "x");
    there.nextTextContaining("\"e\"");
    await("traces/1", TracesOfNodesTest::isDelivered);
    JsonNode chain = await("traces/1/to/" + there.socketId(), found -> found.has("node"));
    assertThat(chain.path("node").asString()).isEqualTo("node-b");
    assertThat(chain.at("/trace/event").asString()).isEqualTo("e");
    assertThat(steps(chain)).startsWith("yes yes yes yes yes yes yes yes");
    assertThat(chain.at("/steps/0/text").asString()).isEqualTo("accepted by node-a");
    assertThat(chain.at("/steps/2/text").asString()).isEqualTo("1 subscribed to feed on this node");
  }

  @Test
  void aConnectionThatWasExcludedIsNamedByItsNode() throws IOException {
    subscribe("feed");
    HttpResponse<String> response =
        api.send(
            "POST",
            "/apps/1234/events",
            "",
            "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"x\",\"socket_id\":\""
                + there.socketId()
                + "\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode trace = await("traces/1", TracesOfNodesTest::isDelivered);
    assertThat(answer(trace))
        .isEqualTo("arrived true subscribers 1 matched 1 reached 0 excluded 1 behind 0");
    JsonNode chain = await("traces/1/to/" + there.socketId(), found -> found.has("node"));
    assertThat(steps(chain)).startsWith("yes yes yes yes yes no unknown");
    assertThat(chain.path("headline").asString()).contains("excluded this connection");
  }

  /// Neither node has a subscriber, and the connection has asked for another channel.
  @Test
  void aMistypedChannelIsFoundOnTheOtherNode() throws IOException {
    subscribe("orders.1");
    api.publish("order.1", "e", "x");
    JsonNode chain = await("traces/1/to/" + there.socketId(), found -> found.has("node"));
    assertThat(steps(chain)).startsWith("yes yes no unknown");
    assertThat(chain.path("headline").asString())
        .isEqualTo(
            "no connection was subscribed to order.1; 1 is subscribed to orders.1: is the name"
                + " spelled differently?");
  }

  /// This node had a subscriber, so the name is right, but the connection came later.
  @Test
  void aConnectionThatHasSubscribedTooLateIsNamedByItsNode() throws IOException {
    subscribe("marker");
    try (RawSocket here = cluster.node(0).connect()) {
      here.subscribe("feed");
      here.nextTextContaining("subscription_succeeded");
      api.publish("feed", "e", "x");
      here.nextTextContaining("\"e\"");
      // Events come in order: then the other node has had the first, and no client there was
      // subscribed.
      api.publish("marker", "m", "x");
      there.nextTextContaining("\"m\"");
      // Until then, a subscriber that is new to this node gets the event after all.
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> cluster.state(0).mesh().logBytes() == 0);
      there.subscribe("feed");
      there.nextTextContaining("subscription_succeeded");
      JsonNode chain = await("traces/1/to/" + there.socketId(), found -> found.has("node"));
      assertThat(steps(chain)).startsWith("yes yes yes yes no unknown");
      assertThat(chain.at("/steps/2/text").asString()).isEqualTo("1 subscribed to feed on node-a");
      assertThat(chain.path("headline").asString())
          .startsWith("it subscribed to feed ")
          .endsWith(" after the event");
    }
  }

  @Test
  void anUnknownConnectionIsNotFound() throws IOException {
    api.publish("feed", "e", "x");
    JsonNode chain = get("traces/1/to/1.1");
    assertThat(chain.has("node")).isFalse();
    assertThat(steps(chain)).startsWith("yes unknown no");
  }

  /// Numbers of publishes are of one node; no node asks back.
  @Test
  void aTraceOfAnotherNodeIsFoundByItsNumberThere() throws IOException {
    try (Api other = new Api(cluster.node(1))) {
      other.publish("feed", "of-b", "x");
    }
    JsonNode nodes =
        await(
            "nodes/traces/1",
            found -> found.at("/nodes/1/answer/event").asString("").equals("of-b"));
    assertThat(nodes.at("/nodes/1/node").asString()).isEqualTo("node-b");
    assertThat(nodes.at("/nodes/1/answer").has("nodes")).isFalse();
  }

  private static String steps(JsonNode chain) {
    StringBuilder made = new StringBuilder();
    chain.path("steps").forEach(step -> made.append(step.path("made").asString()).append(' '));
    return made.toString();
  }
}
