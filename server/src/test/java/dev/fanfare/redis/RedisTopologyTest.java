package dev.fanfare.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.WirePeer;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The wire over a Redis with rights, with replicas, behind Sentinel, and over a Redis Cluster.
final class RedisTopologyTest {

  private static final int PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : started.reversed()) {
      each.close();
    }
  }

  private RedisProcess redis(String... settings) throws IOException {
    RedisProcess redis = RedisProcess.start(folder, settings);
    started.add(redis);
    return redis;
  }

  /// The line of the documentation, with the password of the tests.
  private static String rights() throws IOException {
    String line = MarkdownPage.read("docs/cluster.md").code("", "ACL SETUSER fanfare on").strip();
    assertThat(line).contains(" >CHANGE-ME ").doesNotContain("\n");
    return line.replace("CHANGE-ME", "rights-password");
  }

  private WirePeer peer(String... urls) {
    WirePeer peer = new WirePeer(new RedisWire(options(urls)));
    started.add(peer);
    return peer;
  }

  private static EngineOptions options(String... urls) {
    return EngineOptions.NONE
        .withKind(EngineOptions.Kind.REDIS)
        .withCluster("house")
        .withUrls(
            Stream.of(urls)
                .map(text ->
                    switch (EngineUrl.parse(text)) {
                      case Parsed.Ok(EngineUrl url) -> url;
                      case Parsed.Bad(String reason) -> throw new AssertionError(text + reason);
                    })
                .toList());
  }

  private static String url(RedisProcess redis) {
    return "redis://127.0.0.1:" + redis.port();
  }

  private static String url(String login, RedisProcess redis) {
    return "redis://" + login + "@127.0.0.1:" + redis.port();
  }

  @Test
  void aUserNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    RedisProcess redis = redis();
    assertThat(redis.ask(rights().split(" "))).isEqualTo("OK");
    WirePeer a = peer(url("fanfare:rights-password", redis));
    WirePeer b = peer(url("fanfare:rights-password", redis));
    a.awaitConnections(1);
    b.awaitConnections(1);
    a.reach(b, "hello");
    b.reach(a, "hello");
    assertThat(redis.ask("KEYS", "*")).isEmpty();
  }

  @Test
  void aRightThatIsMissingIsNamed() throws Exception {
    RedisProcess redis = redis();
    assertThat(redis.ask((rights() + " -role").split(" "))).isEqualTo("OK");
    WirePeer a = peer(url("fanfare:rights-password", redis));
    a.awaitReason();
    assertThat(a.reasons().getFirst()).contains("NOPERM").contains("role");
    assertThat(redis.ask((rights() + " -subscribe").split(" "))).isEqualTo("OK");
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> a.reasons().getLast().contains("subscribe"));
    assertThat(redis.ask(rights().split(" "))).isEqualTo("OK");
    a.awaitConnections(1);
  }

  @Test
  void whatAnEngineDoesNotTakeIsBounded() throws Exception {
    RedisProcess redis = redis();
    WirePeer a = peer(url(redis));
    a.awaitConnections(1);
    redis.process().pause();
    byte[] datagram = new byte[1 << 20];
    int dropped = 0;
    for (long sent = 0; sent < 2 * RedisLink.MAX_PENDING_BYTES; sent += datagram.length) {
      dropped += a.wire().send(a.life(), datagram) ? 0 : 1;
    }
    assertThat(dropped).isPositive();
    redis.process().resume();
    a.reach(a, "after it");
  }

  /// What is published at a replica does not reach its master.
  @Test
  void aReplicaIsLeftForTheMaster() throws Exception {
    RedisProcess master = redis();
    RedisProcess replica = redis("--replicaof", "127.0.0.1 " + master.port());
    WirePeer alone = peer(url(replica));
    alone.awaitReason();
    assertThat(alone.reasons().getFirst()).contains("slave");
    WirePeer a = peer(url(replica), url(master));
    WirePeer b = peer(url(master));
    a.awaitConnections(1);
    b.awaitConnections(1);
    a.reach(b, "to the master");
  }

  @Test
  void sentinelNamesTheNextMasterWhenOneIsKilled() throws Exception {
    RedisProcess master = redis();
    WirePeer[] peers = behindSentinel(master);
    master.process().kill();
    peers[0].awaitConnections(2);
    peers[1].awaitConnections(2);
    peers[0].reach(peers[1], "at the new master");
    peers[1].reach(peers[0], "at the new master");
  }

  @Test
  void sentinelNamesTheNextMasterWhenOneStandsStill() throws Exception {
    RedisProcess master = redis();
    WirePeer[] peers = behindSentinel(master);
    master.process().pause();
    for (WirePeer each : peers) {
      each.wire().reconnect("deaf");
    }
    peers[0].awaitConnections(2);
    peers[1].awaitConnections(2);
    peers[0].reach(peers[1], "at the new master");
    master.process().resume();
    peers[1].reach(peers[0], "still at the new master");
  }

  /// Two wires that reach `master` through a Sentinel that knows a replica of it.
  private WirePeer[] behindSentinel(RedisProcess master) throws IOException {
    RedisProcess replica = redis("--replicaof", "127.0.0.1 " + master.port());
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> replica.ask("INFO", "replication").contains("master_link_status:up"));
    RedisProcess sentinel = RedisProcess.startSentinel(folder, master.port());
    started.add(sentinel);
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> sentinel.ask("INFO", "sentinel").contains("slaves=1"));
    String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "/house";
    WirePeer a = peer(url);
    WirePeer b = peer(url);
    a.awaitConnections(1);
    b.awaitConnections(1);
    a.reach(b, "at the old master");
    return new WirePeer[] {a, b};
  }

  @Test
  void anyNodeOfARedisClusterServes() throws Exception {
    RedisClusterOfThree cluster = RedisClusterOfThree.start(folder);
    started.add(cluster);
    List<String> urls = new ArrayList<>(cluster.urls());
    WirePeer a = peer(urls.toArray(String[]::new));
    Collections.rotate(urls, 1);
    WirePeer b = peer(urls.toArray(String[]::new));
    a.awaitConnections(1);
    b.awaitConnections(1);
    a.reach(b, "across nodes");
    b.reach(a, "across nodes");
    cluster.nodes().getFirst().process().kill();
    a.awaitConnections(2);
    a.reach(b, "without one master");
    b.reach(a, "without one master");
    assertThat(b.reasons()).isEmpty();
  }
}
