package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.peers.Feed;
import dev.fanfare.console.peers.Peers;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Asks the other nodes of a cluster what they know. One that does not answer within a second is
/// silent. Any thread; may block.
final class OtherNodes {

  private final String self;
  private final LongFunction<String> names;

  private volatile @Nullable Peers peers;

  /// @param self the name of this node
  /// @param names of the others, by their lives; empty if they are not known
  OtherNodes(String self, LongFunction<String> names) {
    this.self = self;
    this.names = names;
  }

  /// Called once, before anything else.
  void join(Peers others) {
    peers = others;
  }

  private Peers peers() {
    return Objects.requireNonNull(peers);
  }

  /// The name of this node.
  String self() {
    return self;
  }

  /// What they answer to a request about an app, as JSON: `node`, and `answer` or `silent`.
  ///
  /// @param target path and query
  List<String> elements(String appId, String target) {
    List<String> elements = new ArrayList<>();
    try {
      for (Peers.Answer answer : peers().ask(appId, target)) {
        elements.add(answer.json() == null ? silent(answer.life()) : answer.json());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // shutdown
    }
    return elements;
  }

  private String silent(long life) {
    String name = names.apply(life);
    return Json.object()
        .field("node", name.isEmpty() ? Long.toHexString(life) : name)
        .field("silent", true)
        .text();
  }

  /// The same.
  ///
  /// @param path below `/api/apps/ID/`, and query
  List<String> elements(App app, String path) {
    return elements(app.id(), "/api/apps/" + ConsoleRoute.segment(app.id()) + "/" + path);
  }

  /// Their streams.
  ///
  /// @param target path and query
  Feed watch(String appId, String target) {
    return peers().watch(appId, target);
  }
}
