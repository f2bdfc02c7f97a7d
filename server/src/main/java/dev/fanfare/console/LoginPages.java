package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.Logins;
import dev.fanfare.console.login.ProofFile;
import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.Map;

/// Logging in and out, and who is logged in.
final class LoginPages {

  private final Apps apps;
  private final Logins logins;
  private final ProofFile proof;
  private final LoginCookie cookie;
  private final boolean hasPayloads;

  LoginPages(Apps apps, Logins logins, ProofFile proof, LoginCookie cookie, boolean hasPayloads) {
    this.apps = apps;
    this.logins = logins;
    this.proof = proof;
    this.cookie = cookie;
    this.hasPayloads = hasPayloads;
  }

  List<ConsoleRoute> routes() {
    return List.of(
        new ConsoleRoute("GET", "/api/login", Access.ANYONE, _ -> ways()),
        ConsoleRoute.post("/api/login", Access.ANYONE, this::login),
        ConsoleRoute.post("/api/logout", Access.ANYONE, this::logout),
        ConsoleRoute.post("/api/link", Access.ANYONE, this::link),
        ConsoleRoute.get("/api/me", this::me));
  }

  /// How to log in: with a link or with a password.
  private Reply ways() {
    return Reply.of(Json.object().field("password", logins.hasUsers()));
  }

  private Reply login(ConsoleCall call) {
    return switch (call.texts()) {
      case Parsed.Bad<Map<String, String>> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<Map<String, String>>(Map<String, String> sent) -> login(call, sent);
    };
  }

  private Reply login(ConsoleCall call, Map<String, String> sent) {
    String address = call.sent().address();
    String link = sent.get("link");
    String name = sent.get("name");
    String password = sent.get("password");
    if (link == null && (name == null || password == null)) {
      return Reply.refusal(400, "Missing parameter: link, or name and password");
    }
    Logins.Outcome outcome =
        link == null && name != null && password != null
            ? logins.byPassword(name, password, address)
            : logins.byLink(link == null ? "" : link, address);
    return switch (outcome) {
      case Logins.Welcome(Caller caller, String token) ->
          describe(caller).withCookie(cookie.set(token));
      case Logins.Denied(int status, String reason) -> Reply.refusal(status, reason);
    };
  }

  private Reply logout(ConsoleCall call) {
    logins.logout(call.sent().token(), call.sent().address());
    return Reply.of(Json.object()).withCookie(cookie.clear());
  }

  /// A new link, for a program that has read the file of the server's user.
  private Reply link(ConsoleCall call) {
    return switch (call.texts()) {
      case Parsed.Bad<Map<String, String>> bad -> Reply.refusal(400, bad.reason());
      case Parsed.Ok<Map<String, String>>(Map<String, String> sent) ->
          proof.proves(sent.getOrDefault("proof", ""))
              ? link()
              : Reply.refusal(401, "This is not what the file of the server's user contains");
    };
  }

  private Reply link() {
    String link = logins.link();
    return link == null
        ? Reply.refusal(409, "Users are configured (console_users): log in with a password")
        : Reply.of(Json.object().field("link", link));
  }

  private Reply me(ConsoleCall call) {
    return describe(call.known());
  }

  private Reply describe(Caller caller) {
    Json.Writer out =
        Json.object().field("name", caller.name()).field("role", caller.role().text());
    out.strings("apps", apps.known().stream().map(App::id).filter(caller::sees).toList());
    return Reply.of(out.field("payloads", hasPayloads));
  }
}
