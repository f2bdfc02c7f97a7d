package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The settings with which soketi and Reverb join their nodes join ours.
final class EngineAliasesTest {

  private static final Secret PASSWORD = new Secret("not-shown");

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private EngineOptions engine() {
    return given.config().cluster().engine();
  }

  private List<String> urls() {
    return engine().urls().stream().map(EngineUrl::toString).toList();
  }

  private Given soketi(String driver) {
    return given.variable("SOKETI_ADAPTER_DRIVER", driver);
  }

  private Given reverb() {
    return given.variable("REVERB_SCALING_ENABLED", "true");
  }

  @Test
  void soketisRedisJoinsTheNodes() {
    soketi("redis")
        .variable("SOKETI_DB_REDIS_HOST", "redis.internal")
        .variable("SOKETI_DB_REDIS_PORT", "6380")
        .variable("SOKETI_DB_REDIS_USERNAME", "fanfare")
        .variable("SOKETI_DB_REDIS_PASSWORD", "not-shown")
        .variable("SOKETI_DB_REDIS_DB", "1")
        .variable("SOKETI_ADAPTER_REDIS_PREFIX", "Live_App:")
        .variable("SOKETI_ADAPTER_REDIS_REQUESTS_TIMEOUT", "5000");
    assertThat(engine().kind()).isEqualTo(EngineOptions.Kind.REDIS);
    assertThat(urls()).containsExactly("redis://redis.internal:6380");
    assertThat(engine().user()).isEqualTo("fanfare");
    assertThat(engine().password()).isEqualTo(PASSWORD);
    assertThat(given.config().cluster().name()).isEqualTo("live-app");
    assertThat(given.warnings())
        .containsExactly(
            "environment: SOKETI_ADAPTER_DRIVER is read as FANFARE_CLUSTER_BUS=redis",
            "environment: SOKETI_DB_REDIS_HOST, SOKETI_DB_REDIS_PORT are read as"
                + " FANFARE_CLUSTER_REDIS_URLS=redis://redis.internal:6380",
            "environment: SOKETI_DB_REDIS_USERNAME is read as FANFARE_CLUSTER_USER",
            "environment: SOKETI_DB_REDIS_PASSWORD is read as FANFARE_CLUSTER_PASSWORD",
            "environment: SOKETI_ADAPTER_REDIS_PREFIX is read as FANFARE_CLUSTER_NAME=live-app",
            "environment: SOKETI_ADAPTER_REDIS_REQUESTS_TIMEOUT is not used: nodes hold the state"
                + " of all, so none asks another and waits",
            "environment: SOKETI_DB_REDIS_DB is not used: nothing is stored in Redis, and its"
                + " channels belong to no database");
    assertThat(given.printed()).contains("# SOKETI_DB_REDIS_HOST").doesNotContain("not-shown");
  }

  @Test
  void soketisDefaultsAreThoseOfItsEngine() {
    soketi("redis");
    assertThat(urls()).containsExactly("redis://127.0.0.1:6379");
    assertThat(given.config().cluster().name()).isEqualTo("fanfare");
    startEmpty();
    soketi("Nats");
    assertThat(urls()).containsExactly("nats://127.0.0.1:4222");
  }

  @Test
  void soketisSentinelsKnowTheMaster() {
    soketi("redis")
        .variable("SOKETI_DB_REDIS_HOST", "unused")
        .variable("SOKETI_DB_REDIS_PASSWORD", "not-shown")
        .variable(
            "SOKETI_DB_REDIS_SENTINELS",
            "[{\"host\":\"s1\",\"port\":26379},{\"host\":\"s2\",\"port\":\"26380\"},{\"host\":\"::1\"}]")
        .variable("SOKETI_DB_REDIS_SENTINEL_PASSWORD", "also")
        .variable("SOKETI_DB_REDIS_INSTANCE_NAME", "house");
    assertThat(urls()).containsExactly("redis-sentinel://s1:26379,s2:26380,[::1]:26379/house");
    assertThat(engine().password()).isEqualTo(PASSWORD);
    assertThat(engine().sentinelPassword()).isEqualTo(new Secret("also"));
    assertThat(given.warnings())
        .anyMatch(line -> line.startsWith("environment: SOKETI_DB_REDIS_HOST is not used"));
  }

  @Test
  void soketisClusterNodesAreTriedInTurn() {
    soketi("redis")
        .variable("SOKETI_ADAPTER_REDIS_CLUSTER_MODE", "1")
        .variable(
            "SOKETI_DB_REDIS_CLUSTER_NODES", "[{\"host\":\"a\",\"port\":7000},{\"host\":\"b\"}]");
    assertThat(urls()).containsExactly("redis://a:7000", "redis://b:6379");
    given.variable("SOKETI_ADAPTER_REDIS_CLUSTER_MODE", "false");
    assertThat(urls()).containsExactly("redis://127.0.0.1:6379");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a, tls://b:5222", "[\"a\", \"tls://b:5222\"]"})
  void soketisNatsServersAreAList(String servers) {
    soketi("nats")
        .variable("SOKETI_ADAPTER_NATS_SERVERS", servers)
        .variable("SOKETI_ADAPTER_NATS_TOKEN", "not-shown")
        .variable("SOKETI_ADAPTER_NATS_PREFIX", "live");
    assertThat(urls()).containsExactly("nats://a:4222", "tls://b:5222");
    assertThat(engine().user()).isEmpty();
    assertThat(engine().password()).isEqualTo(PASSWORD);
    assertThat(given.config().cluster().name()).isEqualTo("live");
    given
        .variable("SOKETI_ADAPTER_NATS_USER", "u")
        .variable("SOKETI_ADAPTER_NATS_PASSWORD", "p")
        .variable("SOKETI_ADAPTER_NATS_NODES_NUMBER", "2");
    assertThat(engine().user()).isEqualTo("u");
    assertThat(engine().password()).isEqualTo(new Secret("p"));
  }

  @Test
  void reverbsScalingUsesTheApplicationsRedis() {
    reverb()
        .variable("REDIS_HOST", "redis")
        .variable("REDIS_PORT", "6380")
        .variable("REDIS_USERNAME", "null")
        .variable("REDIS_PASSWORD", "not-shown")
        .variable("REDIS_DB", "0")
        .variable("REVERB_SCALING_CHANNEL", "reverb");
    assertThat(urls()).containsExactly("redis://redis:6380");
    assertThat(engine().user()).isEmpty();
    assertThat(engine().password()).isEqualTo(PASSWORD);
    assertThat(given.config().cluster().name()).isEqualTo("reverb");
    assertThat(given.warnings())
        .containsExactly(
            "environment: REVERB_SCALING_ENABLED is read as FANFARE_CLUSTER_BUS=redis",
            "environment: REDIS_HOST, REDIS_PORT are read as"
                + " FANFARE_CLUSTER_REDIS_URLS=redis://redis:6380",
            "environment: REDIS_PASSWORD is read as FANFARE_CLUSTER_PASSWORD",
            "environment: REVERB_SCALING_CHANNEL is read as FANFARE_CLUSTER_NAME=reverb");
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, redis://h:6379",
    "tcp://h:6380/1, redis://h:6380",
    "tls://u:not-shown@h:6380?timeout=1, rediss://h:6380",
    "rediss://u:not-shown@[::1]/0, rediss://[::1]:6379"
  })
  void reverbsUrlReplacesHostAndPort(String url, String made) {
    reverb()
        .variable("REDIS_URL", url)
        .variable("REDIS_HOST", "unused")
        .variable("REDIS_USERNAME", "other")
        .variable("REDIS_PASSWORD", "other");
    assertThat(urls()).containsExactly(made);
    EngineUrl only = engine().urls().getFirst();
    boolean hasLogin = url.contains("@");
    assertThat(engine().user(only)).isEqualTo(hasLogin ? "u" : "other");
    assertThat(engine().password(only)).isEqualTo(hasLogin ? PASSWORD : new Secret("other"));
    assertThat(given.warnings()).noneMatch(line -> line.contains("not-shown"));
  }

  @Test
  void aHostOfReverbMayHaveAScheme() {
    reverb().variable("REDIS_HOST", "tls://h").variable("REDIS_PORT", "tcp://10.0.0.7:6379");
    assertThat(urls()).as("Kubernetes sets such a port").containsExactly("rediss://h:6379");
  }

  @Test
  void theApplicationsRedisAloneJoinsNothing() {
    given.variable("REDIS_HOST", "redis").variable("REDIS_URL", "redis://redis");
    assertThat(engine()).isEqualTo(EngineOptions.NONE);
    assertThat(given.warnings()).isEmpty();
    assertThat(given.variable("REVERB_SCALING_ENABLED", "false").warnings()).isEmpty();
  }

  @Test
  void ourBusReplacesAllOfThem() {
    soketi("redis")
        .variable("SOKETI_DB_REDIS_HOST", "redis")
        .variable("SOKETI_DB_REDIS_PASSWORD", "not-shown")
        .variable("FANFARE_CLUSTER_BUS", "nats")
        .variable("FANFARE_CLUSTER_NATS_URLS", "nats://n");
    assertThat(urls()).containsExactly("nats://n:4222");
    assertThat(engine().password()).isNull();
    assertThat(given.warnings())
        .containsExactly(
            "environment: SOKETI_ADAPTER_DRIVER, SOKETI_DB_REDIS_HOST, SOKETI_DB_REDIS_PASSWORD are"
                + " not used, since FANFARE_CLUSTER_BUS is set");
  }

  @Test
  void ourUrlReplacesTheirs() {
    reverb()
        .variable("REDIS_HOST", "redis")
        .variable("FANFARE_CLUSTER_REDIS_URLS", "rediss://other");
    assertThat(urls()).containsExactly("rediss://other:6379");
    assertThat(given.warnings())
        .contains("environment: REDIS_HOST is not used, since FANFARE_CLUSTER_REDIS_URLS is set");
  }

  @Test
  void soketisVariablesComeBeforeReverbs() {
    reverb().variable("REDIS_HOST", "reverb");
    soketi("redis").variable("SOKETI_DB_REDIS_HOST", "soketi");
    assertThat(urls()).containsExactly("redis://soketi:6379");
    assertThat(given.warnings())
        .contains(
            "environment: REVERB_SCALING_ENABLED is not used: SOKETI_ADAPTER_DRIVER joins the"
                + " nodes");
  }

  @Test
  void soketisFileJoinsTheNodesAndVariablesCompleteIt() {
    given.file(
        given.write(
            "soketi.json",
            """
            {"adapter": {"driver": "redis", "redis": {"prefix": "live"}, "nats.prefix": "x"},
             "database.redis": {"host": "r", "port": 6380, "password": "not-shown",
               "sentinels": null, "clusterNodes": [{"host": "a", "port": 1}]}}
            """));
    assertThat(urls()).containsExactly("redis://r:6380");
    assertThat(engine().password()).isEqualTo(PASSWORD);
    assertThat(given.config().cluster().name()).isEqualTo("live");
    assertThat(given.printed()).contains("# soketi.json:2:");
    assertThat(given.warnings())
        .containsExactlyInAnyOrder(
            "soketi.json:1:62: \"adapter.nats.prefix\" is not used",
            "soketi.json:3:23: \"database.redis.clusterNodes\" is not used");
    given.variable("SOKETI_DB_REDIS_HOST", "s");
    assertThat(urls()).containsExactly("redis://s:6380");
    given.variable("SOKETI_ADAPTER_REDIS_CLUSTER_MODE", "true");
    assertThat(urls()).containsExactly("redis://a:1");
  }

  @Test
  void aWrongUrlNamesWhatItIsMadeOf() {
    soketi("redis").variable("SOKETI_DB_REDIS_PORT", "many");
    assertThat(given.problems())
        .containsExactly(
            "environment: the engine's URL that is made of SOKETI_DB_REDIS_PORT has a host or port"
                + " that is not valid");
    startEmpty();
    reverb().variable("REDIS_HOST", "/run/redis.sock");
    assertThat(given.problems()).hasSize(1).first().asString().contains("REDIS_HOST");
    startEmpty();
    soketi("redis").variable("SOKETI_DB_REDIS_SENTINELS", "[{\"port\":1}]");
    assertThat(given.problems())
        .containsExactly(
            "environment: SOKETI_DB_REDIS_SENTINELS must be a list such as"
                + " [{\"host\":\"a\",\"port\":1}]");
    startEmpty();
    soketi("redis").variable("SOKETI_ADAPTER_REDIS_PREFIX", "#");
    assertThat(given.problems())
        .containsExactly(
            "environment: SOKETI_ADAPTER_REDIS_PREFIX is \"#\", but must have 1 to 32 letters,"
                + " digits or hyphens, or set FANFARE_CLUSTER_NAME");
  }
}
