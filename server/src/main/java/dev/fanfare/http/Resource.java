package dev.fanfare.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The endpoints of one path: the rows with one template, by method. Immutable once the table is
/// complete.
final class Resource {

  private final String template;
  private final Route.Access access;
  private final Map<String, Route.Handler> handlers = new LinkedHashMap<>();
  private List<String> methods = List.of();

  Resource(String template, Route.Access access) {
    this.template = template;
    this.access = access;
  }

  /// Adds a row with this template.
  void add(Route route) {
    if (route.access() != access || handlers.containsKey(route.method())) {
      throw new IllegalArgumentException("contradicts another row: " + route);
    }
    handlers.put(route.method(), route.handler());
    if (route.method().equals("GET")) {
      handlers.put("HEAD", route.handler());
    }
    List<String> allowed = new ArrayList<>(handlers.keySet());
    allowed.add("OPTIONS");
    methods = List.copyOf(allowed);
  }

  /// The path with placeholders.
  String template() {
    return template;
  }

  Route.Access access() {
    return access;
  }

  /// The allowed methods, the main one first, `OPTIONS` last.
  List<String> methods() {
    return methods;
  }

  /// What carries out requests with this method; null if it is not allowed, or `OPTIONS`.
  Route.@Nullable Handler handler(String method) {
    return handlers.get(method);
  }
}
