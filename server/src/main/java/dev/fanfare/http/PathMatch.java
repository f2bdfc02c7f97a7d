package dev.fanfare.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the path of a request names.
///
/// @param appId percent-decoded; null if the path names no app
/// @param names the other values in the path, percent-decoded
record PathMatch(Resource resource, @Nullable String appId, List<String> names) {

  String template() {
    return resource.template();
  }

  boolean isOpen() {
    return resource.access() == Access.OPEN;
  }
}
