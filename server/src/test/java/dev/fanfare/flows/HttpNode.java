package dev.fanfare.flows;

import dev.fanfare.FanfareServer;
import dev.fanfare.app.App;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;

/// Nodes with other options than the usual ones.
final class HttpNode {

  private HttpNode() {}

  /// A node behind a path prefix.
  static TestNode behind(String pathPrefix, App... apps) {
    return start(pathPrefix, ServerOptions.DEFAULTS.maxRequestBytes(), apps);
  }

  /// A node that takes small bodies only.
  static TestNode withMaxRequestBytes(int maxRequestBytes, App... apps) {
    return start("", maxRequestBytes, apps);
  }

  private static TestNode start(String pathPrefix, int maxRequestBytes, App... apps) {
    ServerOptions usual = TestNode.options(0);
    ServerOptions options =
        new ServerOptions(
            usual.host(),
            usual.port(),
            pathPrefix,
            usual.activityTimeoutSeconds(),
            usual.pongTimeoutSeconds(),
            usual.maxMessageBytes(),
            maxRequestBytes,
            usual.maxPendingBytes(),
            usual.lanes(),
            usual.transport());
    return TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, apps);
  }
}
