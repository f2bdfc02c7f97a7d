package dev.fanfare.http;

import dev.fanfare.protocol.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds what a raw path names among the rows that the parts of the API bring. Paths are split only
/// at slashes: channel names may contain `;` and `=`. Immutable.
public final class RouteTable {

  private static final String APP_ID = "{id}";

  /// What the path of a request names.
  ///
  /// @param appId percent-decoded; null if the path names no app
  /// @param names the other values in the path, percent-decoded
  record PathMatch(Resource resource, @Nullable String appId, List<String> names) {

    String template() {
      return resource.template();
    }

    boolean isOfOperators() {
      return resource.access() == Route.Access.OPERATOR;
    }

    boolean isOpen() {
      return resource.access() == Route.Access.OPEN;
    }
  }

  /// One segment of paths.
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();

    /// For any other segment.
    @Nullable Node placeholder;

    /// Of the path that ends here; null if none does.
    @Nullable Resource resource;

    /// True if the first placeholder of that path is the app's id.
    boolean hasAppId;
  }

  private final Node root = new Node();

  /// All endpoints of the API.
  ///
  /// @param others rows that do not belong to an app's API
  public RouteTable(
      EventsApi events,
      ChannelsApi channels,
      HistoryApi history,
      UsersApi users,
      ConnectionsApi connections,
      WebhooksApi webhooks,
      HealthApi health,
      List<Route> others) {
    this(
        Stream.of(
                events.routes(),
                channels.routes(),
                history.routes(),
                users.routes(),
                connections.routes(),
                webhooks.routes(),
                health.routes(),
                others)
            .flatMap(List::stream)
            .toList());
  }

  RouteTable(List<Route> rows) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    for (Route row : rows) {
      Resource resource =
          resources.computeIfAbsent(row.template(), each -> new Resource(each, row.access()));
      resource.add(row);
      add(row.template(), resource);
      row.aliases().forEach(alias -> add(alias, resource));
    }
  }

  private void add(String template, Resource resource) {
    Node node = root;
    for (String segment : template.substring(1).split("/", -1)) {
      if (!segment.startsWith("{")) {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      } else {
        if (node.placeholder == null) {
          node.placeholder = new Node();
        }
        node = node.placeholder;
      }
    }
    if (node.resource != null && node.resource != resource) {
      throw new IllegalArgumentException("two endpoints have the path " + template);
    }
    node.resource = resource;
    node.hasAppId = template.contains(APP_ID);
  }

  /// What a raw path names, or null if it is no endpoint.
  @Nullable PathMatch find(String path) {
    return path.startsWith("/") ? find(root, path, 1, List.of()) : null;
  }

  /// @param from where the next segment begins
  /// @param values of the placeholders before it
  private static @Nullable PathMatch find(Node node, String path, int from, List<String> values) {
    int slash = path.indexOf('/', from);
    String segment = path.substring(from, slash < 0 ? path.length() : slash);
    Node literal = node.literals.get(segment);
    PathMatch found = literal == null ? null : next(literal, path, slash, values);
    Node placeholder = node.placeholder;
    return found == null && placeholder != null
        ? next(placeholder, path, slash, plus(values, segment))
        : found;
  }

  private static @Nullable PathMatch next(Node node, String path, int slash, List<String> values) {
    if (slash >= 0) {
      return find(node, path, slash + 1, values);
    }
    Resource resource = node.resource;
    if (resource == null) {
      return null;
    }
    return node.hasAppId
        ? new PathMatch(resource, values.getFirst(), values.subList(1, values.size()))
        : new PathMatch(resource, null, values);
  }

  private static List<String> plus(List<String> values, String segment) {
    List<String> more = new ArrayList<>(values);
    more.add(Query.decode(segment, false));
    return more;
  }
}
