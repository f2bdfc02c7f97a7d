package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.testing.Authority;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The section `cluster`.
final class ClusterConfigTest {

  @TempDir private Path folder;

  private Given given;

  @BeforeEach
  void begin() {
    given = new Given(folder);
  }

  private ClusterConfigTest set(String option, String value) {
    given = given.variable("FANFARE_CLUSTER_" + option, value);
    return this;
  }

  private ClusterOptions options() {
    return given.config().cluster();
  }

  @Test
  void aSingleNodeIsTheDefault() {
    assertThat(options()).isEqualTo(ClusterOptions.OFF);
    assertThat(options().isOn()).isFalse();
  }

  @Test
  void everythingCanBeSetInAFile() {
    Path password = given.write("password", "engine-password\n");
    ClusterOptions options =
        given
            .yaml(
                """
                cluster:
                  bus: redis
                  name: house-1
                  node: left
                  redis_urls: ["redis://one:7000", "redis://two"]
                  user: fanfare
                  password_file: %s
                  secret: %s
                  lease_seconds: 10
                  outage_seconds: 60
                  outage_bytes: 1048576
                  handover_seconds: 0
                  join_seconds: 20
                  unready_when_cut_off: true
                """
                    .formatted(password, "0123456789abcdef".repeat(4)))
            .config()
            .cluster();
    assertThat(options.isOn()).isTrue();
    assertThat(options.name()).isEqualTo("house-1");
    assertThat(options.node()).isEqualTo("left");
    assertThat(options.engine().address()).isEqualTo("redis://one:7000, redis://two:6379");
    assertThat(options.engine().user()).isEqualTo("fanfare");
    assertThat(options.engine().password()).isEqualTo(new Secret("engine-password"));
    assertThat(options.leaseSeconds()).isEqualTo(10);
    assertThat(options.outageSeconds()).isEqualTo(60);
    assertThat(options.outageBytes()).isEqualTo(1_048_576);
    assertThat(options.handoverSeconds()).isZero();
    assertThat(options.joinSeconds()).isEqualTo(20);
    assertThat(options.isUnreadyWhenCutOff()).isTrue();
  }

  @Test
  void aVariableHoldsSeveralUrls() {
    set("BUS", "redis").set("REDIS_URLS", "redis-sentinel://a,b:27000/house, redis://c");
    assertThat(options().engine().address())
        .isEqualTo("redis-sentinel://a:26379,b:27000/house, redis://c:6379");
  }

  @Test
  void natsHasItsOwnUrls() {
    set("BUS", "nats").set("NATS_URLS", "tls://user:pass@nats");
    assertThat(options().engine().kind()).isEqualTo(EngineOptions.Kind.NATS);
    assertThat(options().engine().address()).isEqualTo("tls://nats:4222");
  }

  @Test
  void anEngineNeedsItsUrls() {
    assertThat(set("BUS", "redis").given.problems())
        .containsExactly(
            "environment: FANFARE_CLUSTER_BUS is redis, but cluster.redis_urls is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS_URLS, redis://cache",
    "NATS_URLS, nats://nats",
    "USER, someone",
    "PASSWORD, something",
    "SECRET, 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  })
  void whatIsForAnEngineNeedsOne(String option, String value) {
    assertThat(set(option, value).given.problems())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("environment: FANFARE_CLUSTER_" + option + " is set, but ")
        .endsWith("bus is none");
  }

  @Test
  void urlsOfAnotherEngineAreRefused() {
    set("BUS", "nats").set("NATS_URLS", "nats://nats").set("REDIS_URLS", "redis://cache");
    assertThat(given.problems())
        .containsExactly(
            "environment: FANFARE_CLUSTER_REDIS_URLS is set, but FANFARE_CLUSTER_BUS is nats");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nats://hidden@nats",
        "hidden",
        "redis://u:hidden@cache/x",
        "redis://hidden:0",
        "redis://cache?password=hidden",
        "redis://cache/0?token=hidden"
      })
  void aWrongUrlIsNotRepeated(String url) {
    assertThat(set("BUS", "redis").set("REDIS_URLS", url).given.problems())
        .hasSize(1)
        .first()
        .asString()
        .contains("FANFARE_CLUSTER_REDIS_URLS", "redis-sentinel://")
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BUS=kafka", "NAME=Upper", "LEASE_SECONDS=1", "OUTAGE_SECONDS=0"})
  void wrongValuesAreRefused(String setting) {
    int equals = setting.indexOf('=');
    assertThat(set(setting.substring(0, equals), setting.substring(equals + 1)).given.problems())
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"short", "zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
  void aSecretHasThirtyTwoBytes(String secret) {
    set("BUS", "redis").set("REDIS_URLS", "redis://cache").set("SECRET", secret);
    assertThat(given.problems())
        .hasSize(1)
        .first()
        .asString()
        .contains("32 bytes")
        .doesNotContain(secret);
  }

  @Test
  void filesOfTlsAreReadAtTheStart() throws Exception {
    set("BUS", "redis").set("REDIS_URLS", "rediss://cache").set("CA", folder + "/none.pem");
    assertThat(given.problems())
        .hasSize(1)
        .first()
        .asString()
        .contains("FANFARE_CLUSTER_CA is \"none.pem\", which does not exist");
    Authority authority = Authority.in(folder).issue("client");
    begin();
    set("BUS", "redis")
        .set("REDIS_URLS", "rediss://cache")
        .set("CA", authority.path("root.pem").toString())
        .set("CERTIFICATE", authority.path("client-chain.pem").toString())
        .set("KEY", authority.path("client.key").toString());
    assertThat(options().isOn()).isTrue();
  }

  @Test
  void theEffectiveConfigurationShowsNoPassword() {
    set("BUS", "redis")
        .set("REDIS_URLS", "redis://user:hidden-one@cache")
        .set("PASSWORD", "hidden-two");
    assertThat(EffectiveYaml.of(given.config()))
        .contains("redis_urls: ", "redis://cache:6379")
        .doesNotContain("hidden");
  }
}
