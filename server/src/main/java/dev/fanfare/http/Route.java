package dev.fanfare.http;

import dev.fanfare.protocol.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The endpoint of a path. Paths are split only at slashes: channel names may contain `;` and `=`.
///
/// @param methods the allowed ones, the main one first
/// @param appId null on the one path that names no app (section 6.9, the Python SDK's)
/// @param names the percent-decoded channel name, user id or webhook id in the path, if any
record Route(Kind kind, List<String> methods, @Nullable String appId, List<String> names) {

  private static final List<String> GET = List.of("GET", "HEAD", "OPTIONS");
  private static final List<String> POST = List.of("POST", "OPTIONS");
  private static final List<String> GET_OR_DELETE = List.of("GET", "HEAD", "DELETE", "OPTIONS");

  enum Kind {
    EVENTS("/apps/{id}/events"),
    BATCH_EVENTS("/apps/{id}/batch_events"),
    CHANNELS("/apps/{id}/channels"),
    CHANNEL("/apps/{id}/channels/{name}"),
    CHANNEL_USERS("/apps/{id}/channels/{name}/users"),
    CHANNEL_EVENTS("/apps/{id}/channels/{name}/events"),
    TERMINATE("/apps/{id}/users/{user}/terminate_connections"),
    WEBHOOKS("/apps/{id}/webhooks"),
    WEBHOOK("/apps/{id}/webhooks/{webhook}"),
    WEBHOOK_REPLAYS("/apps/{id}/webhooks/replay"),
    WEBHOOK_REPLAY("/apps/{id}/webhooks/{webhook}/replay"),
    LIVE("/live"),
    READY("/ready"),
    USAGE("/usage");

    private final String template;

    Kind(String template) {
      this.template = template;
    }
  }

  /// The path with placeholders for the parts that clients choose; a label for metrics, with few
  /// values.
  String template() {
    return kind.template;
  }

  /// True if the endpoint needs no signature.
  boolean isOpen() {
    return switch (kind) {
      case LIVE, READY, USAGE -> true;
      default -> false;
    };
  }

  /// The route of a raw path, or null if there is none.
  static @Nullable Route of(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length < 2 || !parts[0].isEmpty()) {
      return null;
    }
    if (parts.length == 2) {
      return open(parts[1]);
    }
    if (parts.length == 4 && parts[1].equals("users")) {
      return parts[3].equals("terminate_connections") ? terminate(null, parts[2]) : null;
    }
    if (parts.length < 4 || !parts[1].equals("apps")) {
      return null;
    }
    String appId = Query.decode(parts[2], false);
    return switch (parts.length) {
      case 4 -> collection(appId, parts[3]);
      case 5 -> member(appId, parts[3], parts[4]);
      case 6 -> item(appId, parts[3], parts[4], parts[5]);
      default -> null;
    };
  }

  /// Endpoints without a signature: our names first, then those of soketi and Reverb.
  private static @Nullable Route open(String name) {
    return switch (name) {
      case "live", "", "up" -> new Route(Kind.LIVE, GET, null, List.of());
      case "ready", "accept-traffic" -> new Route(Kind.READY, GET, null, List.of());
      case "usage" -> new Route(Kind.USAGE, GET, null, List.of());
      default -> null;
    };
  }

  private static @Nullable Route collection(String appId, String last) {
    return switch (last) {
      case "events" -> new Route(Kind.EVENTS, POST, appId, List.of());
      case "batch_events" -> new Route(Kind.BATCH_EVENTS, POST, appId, List.of());
      case "channels" -> new Route(Kind.CHANNELS, GET, appId, List.of());
      case "webhooks" -> new Route(Kind.WEBHOOKS, GET_OR_DELETE, appId, List.of());
      default -> null;
    };
  }

  private static @Nullable Route member(String appId, String what, String name) {
    return switch (what) {
      case "channels" -> named(Kind.CHANNEL, GET, appId, name);
      case "webhooks" ->
          name.equals("replay")
              ? new Route(Kind.WEBHOOK_REPLAYS, POST, appId, List.of())
              : named(Kind.WEBHOOK, GET, appId, name);
      default -> null;
    };
  }

  private static @Nullable Route item(String appId, String what, String name, String last) {
    return switch (what + "/" + last) {
      case "channels/users" -> named(Kind.CHANNEL_USERS, GET, appId, name);
      case "channels/events" -> named(Kind.CHANNEL_EVENTS, POST, appId, name);
      case "users/terminate_connections" -> terminate(appId, name);
      case "webhooks/replay" -> named(Kind.WEBHOOK_REPLAY, POST, appId, name);
      default -> null;
    };
  }

  private static Route terminate(@Nullable String appId, String userId) {
    return named(Kind.TERMINATE, POST, appId, userId);
  }

  private static Route named(Kind kind, List<String> methods, @Nullable String appId, String name) {
    return new Route(kind, methods, appId, List.of(Query.decode(name, false)));
  }
}
