package dev.fanfare;

import com.google.gson.Gson;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Objects of Kubernetes that were rendered from a chart.
record Manifests(List<Map<?, ?>> objects) {

  /// Throws for JSON that does not fit the schema: types, unknown and missing fields.
  @FunctionalInterface
  private interface Schema {
    Object read(String json) throws IOException;
  }

  /// By API and kind. The one of ServiceMonitor is not among Kubernetes' own.
  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 Deployment", V1Deployment::fromJson,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson,
          "networking.k8s.io/v1 Ingress", V1Ingress::fromJson,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::fromJson,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::fromJson,
          "v1 ConfigMap", V1ConfigMap::fromJson,
          "v1 Secret", V1Secret::fromJson,
          "v1 Service", V1Service::fromJson,
          "monitoring.coreos.com/v1 ServiceMonitor", json -> json);

  static Manifests of(String rendered) {
    List<Map<?, ?>> objects = new ArrayList<>();
    for (Object object : new Load(LoadSettings.builder().build()).loadAllFromString(rendered)) {
      if (object instanceof Map<?, ?> map) {
        objects.add(map);
      }
    }
    return new Manifests(objects);
  }

  static Map<?, ?> yaml(String text) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  static Map<?, ?> child(Map<?, ?> parent, String key) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
  }

  static Map<?, ?> first(Map<?, ?> parent, String key) {
    return (Map<?, ?>) ((List<?>) Objects.requireNonNull(parent.get(key), key)).getFirst();
  }

  void checkSchemas() throws IOException {
    for (Map<?, ?> object : objects) {
      String type = object.get("apiVersion") + " " + object.get("kind");
      Objects.requireNonNull(SCHEMAS.get(type), type).read(new Gson().toJson(object));
    }
  }

  List<String> kinds() {
    return objects.stream().map(object -> String.valueOf(object.get("kind"))).toList();
  }

  List<Map<?, ?>> all(String kind) {
    return objects.stream().filter(object -> kind.equals(object.get("kind"))).toList();
  }

  Map<?, ?> only(String kind) {
    List<Map<?, ?>> all = all(kind);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " of " + kind);
    }
    return all.getFirst();
  }

  /// The specification of the pods.
  Map<?, ?> pod() {
    return child(child(child(only("Deployment"), "spec"), "template"), "spec");
  }

  Map<?, ?> container() {
    return first(pod(), "containers");
  }

  /// Variables of the container. What Kubernetes fills in is a pod's name.
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    for (Object entry : (List<?>) Objects.requireNonNull(container().get("env"))) {
      Map<?, ?> variable = (Map<?, ?>) entry;
      Object value = variable.get("value");
      variables.put(
          String.valueOf(variable.get("name")),
          value == null ? "fanfare-7c5f9-x2x4z" : String.valueOf(value));
    }
    return variables;
  }

  /// Ports by name.
  Map<String, Object> containerPorts() {
    Map<String, Object> ports = new HashMap<>();
    for (Object entry : (List<?>) Objects.requireNonNull(container().get("ports"))) {
      Map<?, ?> port = (Map<?, ?>) entry;
      ports.put(
          String.valueOf(port.get("name")), Objects.requireNonNull(port.get("containerPort")));
    }
    return ports;
  }
}
