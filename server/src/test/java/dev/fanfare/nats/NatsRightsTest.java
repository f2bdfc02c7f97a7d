package dev.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.WirePeer;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.NatsProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The wire over a NATS that gives its users rights, or asks for a token.
final class NatsRightsTest {

  @TempDir private Path folder;

  private static NatsWire wire(String text) {
    return switch (EngineUrl.parse(text)) {
      case Parsed.Ok(EngineUrl url) ->
          new NatsWire(
              EngineOptions.NONE
                  .withKind(EngineOptions.Kind.NATS)
                  .withCluster("house")
                  .withUrls(List.of(url)));
      case Parsed.Bad(String reason) -> throw new AssertionError(text + reason);
    };
  }

  /// Starts one with the configuration of the documentation, with the password of the tests and
  /// this change.
  private NatsProcess start(UnaryOperator<String> change) throws Exception {
    String shown = MarkdownPage.read("docs/cluster.md").code("", "permissions: {publish:");
    assertThat(shown).contains("password: CHANGE-ME,");
    String configuration = shown.replace("CHANGE-ME", "rights-password");
    Path file = Files.createTempFile(folder, "nats", ".conf");
    Files.writeString(file, change.apply(configuration));
    return NatsProcess.start(folder, "-c", file.toString());
  }

  @Test
  void aUserNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    try (NatsProcess nats = start(UnaryOperator.identity())) {
      String url = "nats://fanfare:rights-password@127.0.0.1:" + nats.port();
      try (WirePeer a = WirePeer.connected(wire(url));
          WirePeer b = WirePeer.connected(wire(url))) {
        a.reach(b, "hello");
        b.reach(a, "hello");
        assertThat(a.reasons()).isEmpty();
      }
    }
  }

  @Test
  void aRightThatIsMissingIsNamed() throws Exception {
    try (NatsProcess nats =
        start(text ->
            text.replace("subscribe: \"fanfare.house.>\"", "subscribe: \"fanfare.another.>\""))) {
      String url = "nats://fanfare:rights-password@127.0.0.1:" + nats.port();
      try (WirePeer a = new WirePeer(wire(url))) {
        a.awaitReason();
        assertThat(a.reasons().getFirst())
            .containsIgnoringCase("permissions violation")
            .contains("fanfare.house.all");
      }
    }
  }

  /// What the documentation says about history.
  private NatsProcess startWithHistory(UnaryOperator<String> change) throws Exception {
    String shown = MarkdownPage.read("docs/cluster.md").code("", "$JS.API");
    String configuration = shown.replace("CHANGE-ME", "rights-password");
    Path file = Files.createTempFile(folder, "nats", ".conf");
    Files.writeString(file, change.apply(configuration));
    String store = folder.resolve("store").toString();
    return NatsProcess.start(folder, "-c", file.toString(), "-js", "-sd", store);
  }

  @Test
  void historyNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    try (NatsProcess nats = startWithHistory(UnaryOperator.identity());
        NatsStreams streams = NatsStreamsTest.streams(url(nats), "house")) {
      ChannelKey feed = new ChannelKey("1", "feed-7");
      NatsStreamsTest.Reasons reasons = new NatsStreamsTest.Reasons();
      streams.open(reasons);
      reasons.awaitAvailable();
      Streams.Limits limits = new Streams.Limits(10, 7_200_000, 7_200_000);
      EventId id =
          streams.append(feed, new byte[] {1}, limits, "k").toCompletableFuture().join().id();
      Streams.Position position = new Streams.Position(id, "1.1");
      streams.hold(feed, "t:x", "1.1", position, 7_200_000).toCompletableFuture().join();
      assertThat(streams.claim(feed, "t:x", "2.2", 1_000).toCompletableFuture().join())
          .isEqualTo(position);
      assertThat(
              streams.range(feed, EventId.NONE, Streams.END, 9, true).toCompletableFuture().join())
          .hasSize(1);
      assertThat(streams.purge(feed).toCompletableFuture().join()).isEqualTo(1L);
      streams.seen(feed, Map.of("d:x", id), 1_000).toCompletableFuture().join();
      streams.forgetReaders(feed).toCompletableFuture().join();
      assertThat(streams.cursors(feed).toCompletableFuture().join()).isEmpty();
      assertThat(reasons.all()).isEmpty();
      try (WirePeer a = WirePeer.connected(wire(url(nats)))) {
        a.reach(a, "hello");
      }
    }
  }

  @Test
  void aRightForHistoryThatIsMissingIsNamed() throws Exception {
    try (NatsProcess nats =
            startWithHistory(text -> text.replace("$JS.API.STREAM.*.FANFARE_house", "x"));
        NatsStreams streams = NatsStreamsTest.streams(url(nats), "house")) {
      NatsStreamsTest.Reasons reasons = new NatsStreamsTest.Reasons();
      streams.open(reasons);
      assertThat(reasons.awaitReason())
          .containsIgnoringCase("permissions violation")
          .contains("FANFARE_house");
    }
  }

  private static String url(NatsProcess nats) {
    return "nats://fanfare:rights-password@127.0.0.1:" + nats.port();
  }

  @Test
  void aTokenIsTheUserInfoWithoutColon() throws Exception {
    try (NatsProcess nats = NatsProcess.start(folder, "--auth", "a-token")) {
      try (WirePeer a = WirePeer.connected(wire("nats://a-token@127.0.0.1:" + nats.port()))) {
        a.reach(a, "hello");
      }
    }
  }
}
