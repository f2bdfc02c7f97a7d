package dev.fanfare.console.act;

import dev.fanfare.console.login.Audit;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.ListPart;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Row;
import dev.fanfare.http.Response;
import dev.fanfare.http.operator.AppDesk;
import dev.fanfare.http.operator.DeskAnswer;
import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The apps of the server, as the API of operators lists and changes them: for users who may see
/// all apps. Any thread; may block.
public final class CatalogActs {

  private static final String ALL = "/api/catalog";
  private static final String ONE = ALL + "/{id}";

  private final AppDesk desk;

  public CatalogActs(AppDesk desk) {
    this.desk = desk;
  }

  /// Changes an app; may block.
  @FunctionalInterface
  private interface Change {
    DeskAnswer of(String id, byte[] body);
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    return List.of(
        new ConsoleRoute("GET", ALL, Access.OPERATOR, this::list),
        new ConsoleRoute("GET", ONE, Access.OPERATOR, this::show),
        change(ALL, "create", (_, body) -> desk.create(body)),
        change(ONE + "/change", "change", desk::change),
        change(ONE + "/rotate", "rotate", desk::rotate),
        change(ONE + "/disable", "disable", (id, _) -> desk.enable(id, false)),
        change(ONE + "/enable", "enable", (id, _) -> desk.enable(id, true)),
        change(ONE + "/delete", "delete", (id, _) -> desk.delete(id)));
  }

  private static ConsoleRoute change(String path, String action, Change change) {
    return ConsoleRoute.post(path, Access.ADMIN, call -> changed(call, action, change));
  }

  private Reply list(ConsoleCall call) {
    return switch (ListPart.parse(call.query())) {
      case Parsed.Bad<ListPart> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<ListPart>(ListPart page) ->
          seesAll(call) ? reply(desk.list(call.text("after"), page.limit())) : notAll();
    };
  }

  private Reply show(ConsoleCall call) {
    return seesAll(call) ? reply(desk.show(call.names().getFirst())) : notAll();
  }

  private static Reply changed(ConsoleCall call, String action, Change change) {
    String id = call.names().isEmpty() ? "" : call.names().getFirst();
    if (!seesAll(call)) {
      note(call, action, id, "not allowed");
      return notAll();
    }
    DeskAnswer answer = change.of(id, call.sent().body());
    String reason = answer.response().reason();
    note(call, action, answer.appId(), reason == null ? "done" : reason);
    return reply(answer);
  }

  private static void note(ConsoleCall call, String action, String id, String result) {
    String object = id.isEmpty() ? "app" : "app " + Row.cut(id);
    Audit.note(call.known(), call.sent().address(), action, object, result);
  }

  private static boolean seesAll(ConsoleCall call) {
    return call.known().apps().isEmpty();
  }

  private static Reply notAll() {
    return Reply.refusal(403, "These are all apps, but you may see some of them");
  }

  private static Reply reply(DeskAnswer answer) {
    Response response = answer.response();
    String reason = response.reason();
    return reason == null
        ? Reply.of(new String(response.body(), StandardCharsets.UTF_8))
        : Reply.refusal(response.status(), reason);
  }
}
