package dev.fanfare.loadtest.abuse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What went wrong for bystanders during one attack: how often, and the first reason of each kind.
/// Thread-safe.
final class Troubles {

  private final Map<String, Trouble> troubles = new LinkedHashMap<>();

  /// @param kind such as `a subscriber was disconnected`
  synchronized void add(String kind, String reason) {
    troubles.computeIfAbsent(kind, _ -> new Trouble(reason)).count++;
  }

  /// The sentences since the last call.
  synchronized List<String> take() {
    List<String> sentences =
        troubles.entrySet().stream()
            .map(each ->
                "%,d times %s; first reason: %s"
                    .formatted(each.getValue().count, each.getKey(), each.getValue().first))
            .toList();
    troubles.clear();
    return sentences;
  }

  private static final class Trouble {
    private final String first;
    private int count;

    private Trouble(String first) {
      this.first = first;
    }
  }
}
