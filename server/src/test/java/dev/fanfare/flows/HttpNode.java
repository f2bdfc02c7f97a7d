package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;

/// Nodes with other options than the default.
final class HttpNode {

  private HttpNode() {}

  /// A node behind a path prefix.
  static TestNode behind(String pathPrefix, App... apps) {
    return start(pathPrefix, ServerOptions.DEFAULTS.maxRequestBytes(), apps);
  }

  /// A node that accepts small bodies only.
  static TestNode withMaxRequestBytes(int maxRequestBytes, App... apps) {
    return start("", maxRequestBytes, apps);
  }

  private static TestNode start(String pathPrefix, int maxRequestBytes, App... apps) {
    ServerOptions options =
        TestNode.options(0).withPathPrefix(pathPrefix).withMaxRequestBytes(maxRequestBytes);
    return TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, apps);
  }
}
