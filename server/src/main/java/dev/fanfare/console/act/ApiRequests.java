package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import dev.fanfare.http.Router;
import java.util.function.Supplier;

/// Requests to the HTTP API on behalf of an app, for users of the console. Any thread; may block.
///
/// @param router carries them out
public record ApiRequests(Apps apps, Router router) {

  /// What is sent.
  ///
  /// @param path below that of the app, with its slash
  /// @param query raw; empty for none
  @SuppressWarnings("ArrayRecordComponent") // never compared, and read once
  record Message(String method, String path, String query, byte[] body) {}

  /// What the HTTP API answers to the app's server.
  ///
  /// @param address of the user
  Response send(App app, Message message, Supplier<String> address) {
    if (!(apps.byId(app.id()) instanceof LiveApp live)) {
      return Response.refusal(404, "Unknown app id " + app.id());
    }
    String path = "/apps/" + ConsoleRoute.value(app.id()) + message.path;
    Request request =
        new Request(
            message.method, path, message.query, message.body, Request.Headers.NONE, address);
    return router.onBehalfOf(live, request).now();
  }
}
