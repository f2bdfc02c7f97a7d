package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// `docker/compose-cluster.yaml` and the files that it mounts fit together and to what is tested
/// elsewhere. The images of others cannot be started here.
final class ComposeClusterTest {

  private static final Path DOCKER = Path.of("../docker");
  private static final List<String> NODES = List.of("node-a", "node-b");
  private static final Pattern SHOWN = Pattern.compile("```haproxy\n(.*?)```", Pattern.DOTALL);

  private static Map<?, ?> services() throws IOException {
    return child(yaml("compose-cluster.yaml"), "services");
  }

  private static Map<?, ?> child(Map<?, ?> parent, String key) {
    return merged((Map<?, ?>) Objects.requireNonNull(parent.get(key), key));
  }

  /// The parser does not apply YAML's merge key.
  private static Map<?, ?> merged(Map<?, ?> mapping) {
    Map<Object, Object> merged = new HashMap<>();
    if (mapping.get("<<") instanceof Map<?, ?> below) {
      merged.putAll(merged(below));
    }
    merged.putAll(mapping);
    return merged;
  }

  private static Map<?, ?> yaml(String file) throws IOException {
    LoadSettings settings = LoadSettings.builder().build();
    return (Map<?, ?>) new Load(settings).loadFromString(Files.readString(DOCKER.resolve(file)));
  }

  private static Config config(String node) throws IOException {
    Map<String, String> variables = new HashMap<>();
    child(child(services(), node), "environment")
        .forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
    variables.remove("<<");
    assertThat(variables.put("FANFARE_APPS", "my-key:my-secret@1")).startsWith("${FANFARE_APPS:?");
    return switch (new ConfigReader(variables).read(null, Map.of())) {
      case Reading.Good good -> good.config();
      case Reading.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  @Test
  void theNodesJoinThroughTheRedisBesideThem() throws IOException {
    List<String> names = new ArrayList<>();
    for (String node : NODES) {
      Config config = config(node);
      names.add(config.cluster().node());
      EngineOptions engine = config.cluster().engine();
      assertThat(engine.kind()).isEqualTo(EngineOptions.Kind.REDIS);
      for (EngineUrl.Host host : engine.urls().getFirst().hosts()) {
        assertThat(services().get(host.name())).as(host.name()).isNotNull();
      }
    }
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void everyServiceIsHardened() throws IOException {
    Map<?, ?> services = services();
    assertThat(services).hasSize(5);
    for (Object name : services.keySet()) {
      assertThat(child(services, String.valueOf(name)))
          .as("%s", name)
          .extracting("read_only", "cap_drop", "security_opt", "stop_grace_period")
          .containsExactly(true, List.of("ALL"), List.of("no-new-privileges:true"), "30s");
    }
  }

  @Test
  void everyMountedFileExists() throws IOException {
    for (Object name : services().keySet()) {
      if (child(services(), String.valueOf(name)).get("volumes") instanceof List<?> volumes) {
        for (Object volume : volumes) {
          String from = String.valueOf(volume).replaceFirst(":.*", "");
          assertThat(from.startsWith("./") ? Files.exists(DOCKER.resolve(from)) : true)
              .as(from)
              .isTrue();
        }
      }
    }
  }

  @Test
  void theBalancerIsConfiguredAsInTheTestsOfADrain() throws IOException {
    Matcher shown = SHOWN.matcher(Files.readString(Path.of("../docs/operations.md")));
    assertThat(shown.find()).isTrue();
    String tested =
        shown
            .group(1)
            .replace("rise 1\n", "rise 1 resolvers docker init-addr libc,none\n")
            .replace("server one 10.0.0.1:6001", "server a node-a:6001")
            .replace("server two 10.0.0.2:6001", "server b node-b:6001");
    assertThat(Files.readString(DOCKER.resolve("haproxy.cfg"))).endsWith("\n\n" + tested);
    for (String node : NODES) {
      assertThat(config(node).server().port()).isEqualTo(6_001);
    }
    Programs.require("haproxy");
    Programs.run("haproxy", "-c", "-f", DOCKER.resolve("haproxy.cfg").toString());
  }

  @Test
  void prometheusReadsTheMetricsOfBothNodes() throws IOException {
    Map<?, ?> alone = yaml("prometheus.yml");
    Map<?, ?> both = yaml("prometheus-cluster.yml");
    for (String key : List.of("global", "rule_files")) {
      assertThat(both.get(key)).as(key).isEqualTo(alone.get(key));
    }
    List<String> targets = new ArrayList<>();
    for (String node : NODES) {
      assertThat(config(node).metrics().host()).isEqualTo("0.0.0.0");
      targets.add(node + ":" + config(node).metrics().port());
    }
    assertThat(both.get("scrape_configs"))
        .isEqualTo(
            List.of(
                Map.of(
                    "job_name", "fanfare", "static_configs", List.of(Map.of("targets", targets)))));
  }
}
