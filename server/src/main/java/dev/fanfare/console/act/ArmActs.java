package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Row;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.session.Users;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Looks closely at a connection, or at those of a user. Any thread.
public final class ArmActs {

  private static final String ACTION = "arm";

  private final Armed armed;
  private final Users users;
  private final InstantSource wall;

  public ArmActs(Armed armed, Users users, InstantSource wall) {
    this.armed = armed;
    this.users = users;
    this.wall = wall;
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    return List.of(ConsoleRoute.post(ConsoleRoute.OF_APP + ACTION, Access.OPERATOR, this::arm));
  }

  private Reply arm(ConsoleCall call) {
    return switch (call.texts()) {
      case Parsed.Bad<Map<String, String>> bad ->
          Noted.refused(call, ACTION, "", 400, bad.reason());
      case Parsed.Ok<Map<String, String>>(Map<String, String> sent) ->
          arm(call, sent.getOrDefault("socket", ""), sent.getOrDefault("user", ""));
    };
  }

  private Reply arm(ConsoleCall call, String socket, String user) {
    if (socket.isEmpty() == user.isEmpty()) {
      return Noted.refused(call, ACTION, "", 400, "Either socket or user is needed");
    }
    App app = call.ofApp();
    String object = socket.isEmpty() ? "user " + Row.cut(user) : "connection " + Row.cut(socket);
    List<String> ids = socket.isEmpty() ? users.socketIds(app, user) : List.of(socket);
    int count = 0;
    for (String id : ids) {
      switch (armed.arm(app, id)) {
        case ARMED -> count++;
        case UNKNOWN -> {}
        case TOO_MANY -> {
          return Noted.refused(
              call,
              ACTION,
              object,
              429,
              "At most " + Armed.MAX + " connections are traced closely at a time");
        }
      }
    }
    if (count == 0) {
      return Noted.refused(call, ACTION, object, 404, "This node has no " + object);
    }
    Noted.done(call, ACTION, object);
    return Reply.of(
        Json.object()
            .field("connections", count)
            .field("until", wall.millis() + TimeUnit.SECONDS.toMillis(Armed.SECONDS)));
  }
}
