package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.console.login.Audit;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.Role;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Row;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the doctor for users of the console: against this server, or against another address for
/// administrators, since it can be one inside of a network. Any thread.
public final class DoctorActs {

  private static final String ACTION = "doctor";

  private final Apps apps;
  private final Supplier<@Nullable Program> program;
  private final DoctorRuns runs;

  /// @param program what the server was started by; gives null if that has no doctor
  public DoctorActs(Apps apps, Supplier<@Nullable Program> program, DoctorRuns runs) {
    this.apps = apps;
    this.program = program;
    this.runs = runs;
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    return List.of(
        ConsoleRoute.post("/api/doctor", Access.OPERATOR, this::start),
        new ConsoleRoute("GET", "/api/doctor/{run}", Access.OPERATOR, this::show));
  }

  private Reply start(ConsoleCall call) {
    return switch (call.texts()) {
      case Parsed.Bad<Map<String, String>> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<Map<String, String>>(Map<String, String> sent) ->
          start(call, sent.getOrDefault("app", ""), sent.get("url"));
    };
  }

  private Reply start(ConsoleCall call, String id, @Nullable String url) {
    Caller caller = call.known();
    App app = caller.sees(id) ? apps.known(id) : null;
    if (app == null) {
      return id.isEmpty()
          ? Reply.refusal(400, "Missing parameter: app")
          : Reply.refusal(404, "Unknown app id " + Row.cut(id));
    }
    String object = "app " + id + (url == null ? "" : ", " + Row.cut(url));
    if (url != null && !caller.role().includes(Role.ADMIN)) {
      return noted(
          call,
          object,
          Reply.refusal(403, "Another address than the server's own needs the role admin"));
    }
    Program around = program.get();
    if (around == null) {
      return Reply.refusal(404, "This server has no doctor");
    }
    return switch (around.examination(app, url)) {
      case Parsed.Bad<DoctorRuns.Examination> bad ->
          noted(call, object, Reply.refusal(400, bad.reason()));
      case Parsed.Ok<DoctorRuns.Examination>(DoctorRuns.Examination examination) ->
          start(call, id, object, examination);
    };
  }

  private Reply start(
      ConsoleCall call, String app, String object, DoctorRuns.Examination examination) {
    DoctorRuns.Run run = runs.start(app, examination);
    return noted(
        call,
        object,
        run == null
            ? Reply.refusal(
                429, DoctorRuns.MAX_RUNNING + " examinations are running: wait for one of them")
            : Reply.of(Json.object().field("id", run.id())));
  }

  private static Reply noted(ConsoleCall call, String object, Reply reply) {
    String result = reply.status() == 200 ? "started" : "refused with " + reply.status();
    Audit.note(call.known(), call.sent().address(), ACTION, object, result);
    return reply;
  }

  private Reply show(ConsoleCall call) {
    DoctorRuns.Run run = runs.find(call.names().getFirst());
    if (run == null || !call.known().sees(run.app())) {
      return Reply.refusal(404, "No examination " + Row.cut(call.names().getFirst()) + " is kept");
    }
    boolean isDone = run.isDone(); // first: it has all steps then
    Json.Writer out = Json.object().field("state", isDone ? "done" : "running");
    out.startArray("steps");
    for (DoctorRuns.Step step : run.steps()) {
      out.startElement().field("name", step.name()).field("result", step.result());
      out.field("text", step.text()).endObject();
    }
    out.endArray();
    String block = run.block();
    if (block != null) {
      out.field("block", block);
    }
    return Reply.of(out);
  }
}
