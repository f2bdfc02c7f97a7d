package dev.fanfare.console.act;

import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.OwnPublish;
import dev.fanfare.console.row.Row;
import dev.fanfare.http.Response;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Users;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Publishes events, closes connections and terminates users. Any thread; may block.
public final class AppActs {

  private static final String CLOSED = "Closed by an operator";
  private static final Reply NO_CODE =
      Reply.refusal(400, "code must be 4200 (the client reconnects) or 4009 (it does not)");

  private final ApiRequests api;
  private final Sessions sessions;
  private final Users users;

  /// @param api carries out what the HTTP API has too
  public AppActs(ApiRequests api, Sessions sessions, Users users) {
    this.api = api;
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
      case Parsed.Bad<NewEvent> bad -> Noted.refused(call, "publish", "", 400, bad.reason());
      case Parsed.Ok<NewEvent>(NewEvent event) -> publish(call, event);
    };
  }

  private Reply publish(ConsoleCall call, NewEvent event) {
    OwnPublish own = new OwnPublish(call.sent().address());
    ApiRequests.Message message = new ApiRequests.Message("POST", "/events", "", event.body());
    Response answer = api.send(call.ofApp(), message, own);
    String object = event.summary();
    String reason = answer.reason();
    if (reason != null) {
      return Noted.refused(call, "publish", object, answer.status(), reason);
    }
    Noted.done(call, "publish", object);
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
      return Noted.refused(call, "close", object, 404, reason);
    }
    Noted.done(call, "close", object);
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
    String path = "/users/" + ConsoleRoute.value(user) + "/terminate_connections";
    ApiRequests.Message message = new ApiRequests.Message("POST", path, "", new byte[0]);
    Response answer = api.send(call.ofApp(), message, call.sent()::address);
    String object = "user " + Row.cut(user);
    String reason = answer.reason();
    if (reason != null) {
      return Noted.refused(call, "terminate", object, answer.status(), reason);
    }
    Noted.done(call, "terminate", object);
    return Reply.of(Json.object().field("connections", here));
  }
}
