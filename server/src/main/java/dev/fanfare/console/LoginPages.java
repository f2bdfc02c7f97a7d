package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.login.LoginSessions;
import dev.fanfare.console.login.OneTimeLinks;
import dev.fanfare.console.login.ProofFile;
import dev.fanfare.console.login.Role;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Logging in and out, and who is logged in.
final class LoginPages {

  private final Apps apps;
  private final LoginSessions sessions;
  private final OneTimeLinks links;
  private final ProofFile proof;
  private final LoginCookie cookie;
  private final boolean hasPayloads;

  LoginPages(
      Apps apps,
      LoginSessions sessions,
      OneTimeLinks links,
      ProofFile proof,
      LoginCookie cookie,
      boolean hasPayloads) {
    this.apps = apps;
    this.sessions = sessions;
    this.links = links;
    this.proof = proof;
    this.cookie = cookie;
    this.hasPayloads = hasPayloads;
  }

  List<ConsoleRoute> routes() {
    return List.of(
        ConsoleRoute.post("/api/login", Access.ANYONE, this::login),
        ConsoleRoute.post("/api/logout", Access.ANYONE, this::logout),
        ConsoleRoute.post("/api/link", Access.ANYONE, this::link),
        ConsoleRoute.get("/api/me", this::me));
  }

  private Reply login(ConsoleCall call) {
    Map<String, String> sent = new HashMap<>();
    try {
      Json.readObject(call.sent().body(), (name, value) -> sent.put(name, value.string()));
    } catch (MalformedJson e) {
      return Reply.refusal(400, e.reason());
    }
    String link = sent.get("link");
    if (link == null) {
      return Reply.refusal(400, "Missing parameter: link");
    }
    return links.use(link)
        ? welcome(new Caller("link", Role.ADMIN, Set.of()))
        : Reply.refusal(401, "This link was used before, or is older than ten minutes");
  }

  private Reply welcome(Caller caller) {
    return describe(caller).withCookie(cookie.set(sessions.open(caller)));
  }

  private Reply logout(ConsoleCall call) {
    sessions.close(call.sent().token());
    return Reply.of(Json.object()).withCookie(cookie.clear());
  }

  /// A new link, for a program that has read the file of the server's user.
  private Reply link(ConsoleCall call) {
    Map<String, String> sent = new HashMap<>();
    try {
      Json.readObject(call.sent().body(), (name, value) -> sent.put(name, value.string()));
    } catch (MalformedJson e) {
      return Reply.refusal(400, e.reason());
    }
    return proof.proves(sent.getOrDefault("proof", ""))
        ? Reply.of(Json.object().field("link", links.create()))
        : Reply.refusal(401, "This is not what the file of the server's user contains");
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
