package dev.fanfare.http.operator;

import dev.fanfare.http.Answer;
import dev.fanfare.http.Call;
import dev.fanfare.http.Response;
import dev.fanfare.http.Route;
import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Query;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Lists and changes apps, for operators. A store may block, so every response is computed later.
/// Each change, and each that was refused, is a line of the audit log, without secrets.
public final class AppsApi {

  private static final Logger log = Component.AUDIT.logger();

  private static final String ALL = "/operator/apps";

  /// Not `{id}`, which stands for the app that signs.
  private static final String ONE = ALL + "/{app}";

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_AUDITED_CHARS = 300;
  private static final Pattern LIMIT = Pattern.compile("[0-9]{1,9}");

  private final AppDesk desk;

  public AppsApi(AppDesk desk) {
    this.desk = desk;
  }

  /// Carries out a request; may block.
  @FunctionalInterface
  private interface Work {
    DeskAnswer of(Call call);
  }

  /// Its rows of the [dev.fanfare.http.RouteTable].
  public List<Route> routes() {
    return List.of(
        row("GET", ALL, this::list),
        row("POST", ALL, audited("create", call -> desk.create(call.request().body()))),
        row("GET", ONE, call -> later(call, each -> desk.show(each.name()))),
        row(
            "PATCH",
            ONE,
            audited("change", call -> desk.change(call.name(), call.request().body()))),
        row("DELETE", ONE, audited("delete", call -> desk.delete(call.name()))),
        row(
            "POST",
            ONE + "/rotate",
            audited("rotate", call -> desk.rotate(call.name(), call.request().body()))),
        row("POST", ONE + "/disable", audited("disable", call -> desk.enable(call.name(), false))),
        row("POST", ONE + "/enable", audited("enable", call -> desk.enable(call.name(), true))));
  }

  private static Route row(String method, String template, Route.Handler handler) {
    return new Route(method, template, Route.Access.OPERATOR, handler, List.of());
  }

  private Answer list(Call call) {
    Query query = call.query();
    String limit = orElse(query.get("limit"), String.valueOf(DEFAULT_LIMIT));
    int count = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
    return count < 1 || count > AppDesk.MAX_LIMIT
        ? Response.refusal(
            400,
            "limit is \"" + limit + "\", but must be a whole number from 1 to " + AppDesk.MAX_LIMIT)
        : later(call, _ -> desk.list(orElse(query.get("after"), ""), count));
  }

  private static String orElse(@Nullable String value, String fallback) {
    return value == null || value.isEmpty() ? fallback : value;
  }

  private static Answer later(Call call, Work work) {
    return new Answer.Later(() -> work.of(call).response());
  }

  private static Route.Handler audited(String action, Work work) {
    return call ->
        new Answer.Later(() -> {
          DeskAnswer answer = work.of(call);
          note(call, action, answer);
          return answer.response();
        });
  }

  private static void note(Call call, String action, DeskAnswer answer) {
    String reason = answer.response().reason();
    String object = answer.appId().isEmpty() ? "" : " app " + answer.appId();
    String text = action + object + ": " + (reason == null ? "done" : reason);
    log.atInfo()
        .addKeyValue("who", call.live().id())
        .addKeyValue("role", "operator key")
        .addKeyValue("address", call.request().address().get())
        .log(
            "{}",
            text.length() > MAX_AUDITED_CHARS ? text.substring(0, MAX_AUDITED_CHARS) + "…" : text);
  }
}
