package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node that shuts down while its engine is away, as a process: it exits as always, and its log
/// has nothing but Fanfare's own lines.
final class ShutdownWithoutEngineTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void redis(boolean isPaused) throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      shutsDown(
          Map.of(
              "FANFARE_CLUSTER_BUS",
              "redis",
              "FANFARE_CLUSTER_REDIS_URLS",
              "redis://127.0.0.1:" + redis.port()),
          redis.process(),
          isPaused);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nats(boolean isPaused) throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder)) {
      shutsDown(
          Map.of(
              "FANFARE_CLUSTER_BUS",
              "nats",
              "FANFARE_CLUSTER_NATS_URLS",
              "nats://127.0.0.1:" + nats.port()),
          nats.process(),
          isPaused);
    }
  }

  private static void shutsDown(
      Map<String, String> environment, EngineProcess engine, boolean isPaused) throws IOException {
    try (RunningServer server = RunningServer.start("", environment)) {
      await().atMost(PATIENCE).until(() -> ready(server).equals("OK"));
      if (isPaused) {
        engine.pause();
      } else {
        engine.kill();
      }
      await().atMost(PATIENCE).until(() -> ready(server).contains("degraded"));
      String _ = Programs.run("kill", "-TERM", String.valueOf(server.pid()));
      assertThat(server.exitCode()).isZero();
      assertThat(server.output()).anyMatch(line -> line.contains("server: stopped"));
      assertThat(server.output())
          .noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
    }
  }

  private static String ready(RunningServer server) throws IOException {
    try (RawHttp http = new RawHttp(server.port())) {
      return http.send(RawHttp.request("GET", "/ready", "")).next().body();
    }
  }
}
