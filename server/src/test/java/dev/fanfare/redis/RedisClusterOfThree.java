package dev.fanfare.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Three masters that know each other and share the slots.
final class RedisClusterOfThree implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final List<RedisProcess> nodes = new ArrayList<>();

  private RedisClusterOfThree() {}

  static RedisClusterOfThree start(Path folder) throws IOException {
    RedisClusterOfThree cluster = new RedisClusterOfThree();
    cluster.join(folder);
    return cluster;
  }

  private void join(Path folder) throws IOException {
    List<Integer> busPorts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int bus = FreePort.number();
      busPorts.add(bus);
      nodes.add(
          RedisProcess.start(
              folder, "--cluster-enabled", "yes", "--cluster-port", String.valueOf(bus)));
    }
    String[] slots = {"0 5460", "5461 10922", "10923 16383"};
    for (int i = 0; i < 3; i++) {
      RedisProcess node = nodes.get(i);
      assertThat(node.ask(("CLUSTER ADDSLOTSRANGE " + slots[i]).split(" "))).isEqualTo("OK");
      String port = String.valueOf(node.port());
      String bus = String.valueOf(busPorts.get(i));
      assertThat(nodes.getFirst().ask("CLUSTER", "MEET", "127.0.0.1", port, bus)).isEqualTo("OK");
    }
    for (RedisProcess node : nodes) {
      await()
          .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .until(() -> {
            String info = node.ask("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
          });
    }
  }

  List<RedisProcess> nodes() {
    return nodes;
  }

  List<String> urls() {
    return nodes.stream().map(node -> "redis://127.0.0.1:" + node.port()).toList();
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
  }
}
