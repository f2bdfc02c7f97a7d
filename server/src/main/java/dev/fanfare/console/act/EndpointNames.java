package dev.fanfare.console.act;

import dev.fanfare.console.row.ShownUrl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the endpoints of an app are called in answers: their URLs without what may be secret, and
/// with a number if that is the same for several.
///
/// @param byId what is shown for each id
record EndpointNames(Map<String, String> byId) {

  static EndpointNames of(SequencedSet<String> ids) {
    Map<String, String> byId = new LinkedHashMap<>();
    for (String id : ids) {
      String url = ShownUrl.of(id);
      String name = url;
      for (int i = 2; byId.containsValue(name); i++) {
        name = url + " (" + i + ")";
      }
      byId.put(id, name);
    }
    return new EndpointNames(byId);
  }

  List<String> ids() {
    return List.copyOf(byId.keySet());
  }

  /// What is shown for an id.
  String shown(String id) {
    return byId.getOrDefault(id, ShownUrl.of(id));
  }

  /// The id of what is shown; null if there is none.
  @Nullable String id(String shown) {
    return byId.entrySet().stream()
        .filter(each -> each.getValue().equals(shown))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
