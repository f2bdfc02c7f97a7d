package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The Helm chart, with its defaults and with all values that docs/kubernetes.md shows: Helm
/// accepts it, what it renders fits the schemas of Kubernetes' API, and the server accepts the
/// configuration. Helm's library is on the class path for Linux on x86_64 only.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class HelmChartTest {

  private static final Path CHART = Path.of("../docker/helm/fanfare");
  private static final Path PLAIN = Path.of("../docker/kubernetes.yaml");
  private static final Path PAGE = Path.of("../docs/kubernetes.md");
  private static final Pattern SHOWN =
      Pattern.compile("```yaml\n# (\\S+\\.yaml)\n(.*?)```", Pattern.DOTALL);

  private static final String CLUSTER =
      "cluster: {bus: nats, urls: ['nats://nats:4222'], name: b}\n";

  @TempDir private Path folder;

  private TemplateCommand template(String... values) throws IOException {
    TemplateCommand template =
        new Helm(CHART).template().withName("fanfare").withKubeVersion("1.30.0");
    for (int i = 0; i < values.length; i++) {
      template.withValuesFile(Files.writeString(folder.resolve(i + ".yaml"), values[i]));
    }
    return template;
  }

  private Manifests render(String... values) throws IOException {
    return Manifests.of(template(values).call());
  }

  /// Values by the name of their file.
  private static Map<String, String> shown() throws IOException {
    Map<String, String> shown = new HashMap<>();
    for (MatchResult block : SHOWN.matcher(Files.readString(PAGE)).results().toList()) {
      shown.put(block.group(1), block.group(2));
    }
    return shown;
  }

  /// What the server would read in a pod.
  private Config config(Manifests manifests) throws IOException {
    Map<String, String> variables = manifests.variables();
    Map<?, ?> data = Manifests.child(manifests.only("ConfigMap"), "data");
    Path secrets = Files.createDirectories(folder.resolve("secrets"));
    for (String key : List.of("my-key", "redis-password")) {
      Files.writeString(secrets.resolve(key), "0123456789abcdef");
    }
    Files.writeString(secrets.resolve("cluster-secret"), "0123456789abcdef".repeat(4));
    variables.replaceAll((_, value) -> value.replace("/etc/fanfare/secrets", secrets.toString()));
    assertThat(variables.remove("FANFARE_CONFIG")).isEqualTo("/etc/fanfare/config/fanfare.yaml");
    Path file = folder.resolve("fanfare.yaml");
    Files.writeString(
        file,
        String.valueOf(data.get("fanfare.yaml"))
            .replace("/etc/fanfare/secrets", secrets.toString()));
    return switch (new ConfigReader(variables).read(file, Map.of())) {
      case Reading.Good good -> good.config();
      case Reading.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  @Test
  void helmFindsNothingWrong() {
    LintResult result = new Helm(CHART).lint().strict().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).containsExactly("[INFO] Chart.yaml: icon is recommended");
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    Map<?, ?> chart = Manifests.yaml(Files.readString(CHART.resolve("Chart.yaml")));
    String version = pomVersion();
    assertThat(chart.get("version")).isEqualTo(version);
    assertThat(chart.get("appVersion")).isEqualTo(version);
  }

  private static String pomVersion() throws IOException {
    Pattern version = Pattern.compile("\n  <version>(.*)</version>");
    return version
        .matcher(Files.readString(Path.of("../pom.xml")))
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  /// `mvn test -Dtest=HelmChartTest -Dfanfare.manifests=write` writes the file.
  @Test
  void thePlainManifestsAreTheChartWithItsDefaults() throws IOException {
    String rendered =
        "# The Helm chart of docker/helm with its defaults; a test compares. See"
            + " docs/kubernetes.md.\n"
            + template().call().replaceAll("(?m)^# Source: .*\n", "").stripTrailing()
            + "\n";
    if (System.getProperty("fanfare.manifests", "").equals("write")) {
      Files.writeString(PLAIN, rendered);
    }
    assertThat(Files.readString(PLAIN)).isEqualTo(rendered);
  }

  @Test
  void theDefaultsAreOneNodeWithoutOptionalObjects() throws IOException {
    Manifests manifests = render();
    manifests.checkSchemas();
    assertThat(manifests.kinds())
        .containsExactlyInAnyOrder(
            "ConfigMap",
            "Deployment",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Service",
            "Service");
    assertThat(config(manifests).cluster().isOn()).isFalse();
  }

  @Test
  void allValuesOfThePageAreAccepted() throws IOException {
    Map<String, String> shown = shown();
    assertThat(shown)
        .containsOnlyKeys(
            "values.yaml",
            "cluster.yaml",
            "autoscaling.yaml",
            "tls.yaml",
            "ingress.yaml",
            "volume.yaml");
    for (Map.Entry<String, String> values : shown.entrySet()) {
      Manifests manifests = render(values.getValue());
      manifests.checkSchemas();
      if (!values.getKey().equals("tls.yaml")) {
        config(manifests);
      }
    }
    Manifests several =
        render(
            Objects.requireNonNull(shown.get("values.yaml")),
            Objects.requireNonNull(shown.get("cluster.yaml")));
    several.checkSchemas();
    assertThat(several.container().get("image")).isEqualTo("registry.example.com/fanfare:1");
    assertThat(config(several).cluster().engine().urls().toString()).contains("redis.redis.svc");
  }

  @Test
  void everySwitchCanBeTurned() throws IOException {
    Manifests manifests =
        render(
            CLUSTER
                + """
                secrets: {my-key: 0123456789abcdef}
                metrics: {enabled: false}
                networkPolicy: {enabled: false}
                podDisruptionBudget: {enabled: false}
                imagePullSecrets: [{name: registry}]
                env: [{name: FANFARE_LOG, value: json}]
                podAnnotations: {example.com/a: b}
                podLabels: {example.com/c: d}
                nodeSelector: {kubernetes.io/arch: amd64}
                tolerations: [{key: push, operator: Exists}]
                affinity: {nodeAffinity: {}}
                """);
    manifests.checkSchemas();
    assertThat(manifests.kinds())
        .containsExactlyInAnyOrder("ConfigMap", "Deployment", "Secret", "Service");
    Config config = config(manifests);
    assertThat(config.cluster().name()).isEqualTo("b");
    assertThat(config.metrics().enabled()).isFalse();
    assertThat(config.log().toString()).containsIgnoringCase("json");
  }

  @Test
  void podsThatWouldNotKnowOfEachOtherAreRefused() {
    assertThatThrownBy(() -> render("replicas: 2"))
        .hasMessageContaining("more than one replica needs cluster.bus");
    assertThatThrownBy(() -> render("autoscaling: {enabled: true}"))
        .hasMessageContaining("more than one replica needs cluster.bus");
    assertThatThrownBy(() -> render("cluster: {bus: redis}"))
        .hasMessageContaining("cluster.bus needs cluster.urls");
  }

  @Test
  void valuesThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> render("replica: 2")).hasMessageContaining("replica");
    assertThatThrownBy(() -> render("drain: {second: 2}")).hasMessageContaining("second");
  }

  @Test
  void everyProbeIsAnsweredAndEveryPortIsTheServers() throws IOException {
    Manifests manifests = render();
    Map<?, ?> container = manifests.container();
    Config config = config(manifests);
    assertThat(manifests.containerPorts())
        .isEqualTo(Map.of("clients", config.server().port(), "metrics", config.metrics().port()));
    assertThat(config.metrics().host()).isEqualTo("0.0.0.0");
    try (TestNode node = TestNode.start()) {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        Map<?, ?> get = Manifests.child(Manifests.child(container, probe), "httpGet");
        assertThat(get.get("port")).isEqualTo("clients");
        try (RawHttp http = new RawHttp(node.port())) {
          String request = RawHttp.request("GET", String.valueOf(get.get("path")), "");
          assertThat(http.send(request).next().status()).as(probe).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void thereIsTimeToDrain() throws IOException {
    Manifests manifests = render("drain: {delaySeconds: 7, seconds: 50}");
    assertThat(manifests.pod().get("terminationGracePeriodSeconds")).isEqualTo(77);
    assertThat(config(manifests).drain().toString()).contains("50", "7");
  }

  @Test
  void podsHaveNoRightsThatTheyDoNotNeed() throws IOException {
    Manifests manifests = render();
    Map<?, ?> pod = manifests.pod();
    assertThat(pod.get("automountServiceAccountToken")).isEqualTo(false);
    assertThat(Manifests.child(pod, "securityContext").get("runAsNonRoot")).isEqualTo(true);
    assertThat(Manifests.child(manifests.container(), "securityContext"))
        .isEqualTo(
            Map.of(
                "allowPrivilegeEscalation", false,
                "readOnlyRootFilesystem", true,
                "capabilities", Map.of("drop", List.of("ALL"))));
  }

  @Test
  void prometheusFindsThePortOfMetrics() throws IOException {
    Manifests manifests =
        render(CLUSTER + "metrics: {serviceMonitor: {enabled: true, labels: {release: x}}}");
    Map<?, ?> monitor = manifests.only("ServiceMonitor");
    Map<?, ?> selector = Manifests.child(Manifests.child(monitor, "spec"), "selector");
    List<Map<?, ?>> selected = new ArrayList<>();
    for (Map<?, ?> service : manifests.all("Service")) {
      Map<?, ?> labels = Manifests.child(Manifests.child(service, "metadata"), "labels");
      if (labels.entrySet().containsAll(Manifests.child(selector, "matchLabels").entrySet())) {
        selected.add(service);
        assertThat(labels.get("app.kubernetes.io/name")).as("the job").isEqualTo("fanfare");
      }
    }
    assertThat(selected).hasSize(1);
    Map<?, ?> endpoint = Manifests.first(Manifests.child(monitor, "spec"), "endpoints");
    Map<?, ?> port = Manifests.first(Manifests.child(selected.getFirst(), "spec"), "ports");
    assertThat(endpoint.get("port")).isEqualTo(port.get("name"));
    assertThat(manifests.containerPorts()).containsKey(String.valueOf(port.get("targetPort")));
  }

  @Test
  void theMetricOfTheAutoscalerExists() throws IOException {
    Manifests manifests = render(CLUSTER + "autoscaling: {enabled: true}");
    manifests.checkSchemas();
    Map<?, ?> metrics =
        Manifests.first(
            Manifests.child(manifests.only("HorizontalPodAutoscaler"), "spec"), "metrics");
    Object name = Manifests.child(Manifests.child(metrics, "pods"), "metric").get("name");
    assertThat(Files.readString(Path.of("../docs/metrics.md"))).contains("\n| `" + name + "` |");
    assertThat(Files.readString(PAGE)).contains("seriesQuery: '" + name + "{");
    assertThat(Manifests.child(manifests.only("Deployment"), "spec").containsKey("replicas"))
        .as("the autoscaler sets the number of pods")
        .isFalse();
  }

  /// So that none of these tests passes because nothing is checked.
  @Test
  void aMistakeInATemplateIsFound() throws IOException {
    String rendered = template().call();
    for (String[] mistake :
        new String[][] {
          {"readOnlyRootFilesystem", "readOnlyRootFileSystem"},
          {"replicas: 1", "replicas: one"},
          {"runAsUser: 65532", "runAsUser: root"},
          {"targetPort:", "target:"}
        }) {
      String wrong = rendered.replace(mistake[0], mistake[1]);
      assertThat(wrong).isNotEqualTo(rendered);
      assertThatThrownBy(() -> Manifests.of(wrong).checkSchemas()).as(mistake[1]).isNotNull();
    }
  }
}
