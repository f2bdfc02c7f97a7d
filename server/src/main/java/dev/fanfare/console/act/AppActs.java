package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.console.login.Audit;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.OwnPublish;
import dev.fanfare.console.row.Row;
import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import dev.fanfare.http.Router;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Users;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Publishes events, closes connections and terminates users. Any thread; may block.
public final class AppActs {

  private static final String DONE = "done";
  private static final String CLOSED = "Closed by an operator";
  private static final Reply NO_CODE =
      Reply.refusal(400, "code must be 4200 (the client reconnects) or 4009 (it does not)");

  private final Apps apps;
  private final Router router;
  private final Sessions sessions;
  private final Users users;

  /// @param router carries out what the HTTP API has too
  public AppActs(Apps apps, Router router, Sessions sessions, Users users) {
    this.apps = apps;
    this.router = router;
    this.sessions = sessions;
    this.users = users;
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    return List.of(
        ConsoleRoute.post(ConsoleRoute.OF_APP + "publish", Access.PUBLISHER, this::publish),
        ConsoleRoute.post(
            ConsoleRoute.OF_APP + "connections/{socket}/close", Access.OPERATOR, this::close),
        ConsoleRoute.post(
            ConsoleRoute.OF_APP + "users/{user}/terminate", Access.OPERATOR, this::terminate));
  }

  private Reply publish(ConsoleCall call) {
    return switch (NewEvent.read(call.sent().body())) {
      case Parsed.Bad<NewEvent> bad -> noted(call, "publish", "", bad.reason(), 400);
      case Parsed.Ok<NewEvent>(NewEvent event) -> publish(call, event);
    };
  }

  private Reply publish(ConsoleCall call, NewEvent event) {
    OwnPublish own = new OwnPublish(call.sent().address());
    Response answer = carryOut(call.ofApp(), "/events", event.body(), own);
    String object = event.summary();
    String reason = answer.reason();
    if (reason != null) {
      return noted(call, "publish", object, reason, answer.status());
    }
    note(call, "publish", object, DONE);
    Json.Writer out = Json.object().startArray("traces");
    for (EventTrace trace : own.traces()) {
      out.startElement().field("channel", trace.channel);
      out.field("trace", Long.toString(trace.number)).endObject();
    }
    return Reply.of(out.endArray());
  }

  private Reply close(ConsoleCall call) {
    String socketId = call.names().getFirst();
    CloseCode code;
    try {
      code = code(call.sent().body());
    } catch (MalformedJson e) {
      return Reply.refusal(400, e.reason());
    }
    if (code == null) {
      return NO_CODE;
    }
    String object = "connection " + Row.cut(socketId) + " with " + code.code();
    String text = code == CloseCode.RECONNECT ? CLOSED + ", please reconnect" : CLOSED;
    if (!sessions.close(call.ofApp(), socketId, code, text)) {
      String reason = "This node has no connection " + Row.cut(socketId);
      return noted(call, "close", object, reason, 404);
    }
    note(call, "close", object, DONE);
    return Reply.of(Json.object().field("closed", true));
  }

  private static @Nullable CloseCode code(byte[] body) throws MalformedJson {
    String[] sent = {""};
    Json.readObject(
        body,
        (name, value) -> {
          if (name.equals("code") && value.isInteger()) {
            sent[0] = value.literal();
          }
        });
    return switch (sent[0]) {
      case "4200" -> CloseCode.RECONNECT;
      case "4009" -> CloseCode.UNAUTHORIZED;
      default -> null;
    };
  }

  private Reply terminate(ConsoleCall call) {
    String user = call.names().getFirst();
    int here = users.socketIds(call.ofApp(), user).size();
    String path = "/users/" + encoded(user) + "/terminate_connections";
    Response answer = carryOut(call.ofApp(), path, new byte[0], call.sent()::address);
    String object = "user " + Row.cut(user);
    String reason = answer.reason();
    if (reason != null) {
      return noted(call, "terminate", object, reason, answer.status());
    }
    note(call, "terminate", object, DONE);
    return Reply.of(Json.object().field("connections", here));
  }

  /// What the HTTP API answers to a request of the app's server.
  private Response carryOut(App app, String path, byte[] body, Supplier<String> address) {
    if (!(apps.byId(app.id()) instanceof LiveApp live)) {
      return Response.refusal(404, "Unknown app id " + app.id());
    }
    String whole = "/apps/" + encoded(app.id()) + path;
    return router
        .onBehalfOf(live, new Request("POST", whole, "", body, Request.Headers.NONE, address))
        .now();
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Reply noted(
      ConsoleCall call, String action, String object, String reason, int status) {
    note(call, action, object, reason);
    return Reply.refusal(status, reason);
  }

  private static void note(ConsoleCall call, String action, String object, String result) {
    String where = "app " + call.ofApp().id() + (object.isEmpty() ? "" : ", " + object);
    Audit.note(call.known(), call.sent().address(), action, where, result);
  }
}
