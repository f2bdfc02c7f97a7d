package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.PasswordHash;
import dev.fanfare.console.login.Role;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A real server with a console on a free port, and two apps.
final class ConsoleNode implements AutoCloseable {

  static final App APP = TestNode.APP;

  static final App OTHER =
      new App("2", "other-key", new Secret("other-secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  static final ConsoleOptions ON = ConsoleOptions.DEFAULTS.withEnabled(true).withPort(0);

  private final TestNode node;
  private final Api api;
  private final ConsoleReader console;

  ConsoleNode() {
    this(TestNode.PARTS.withConsole(ON), APP, OTHER);
  }

  ConsoleNode(PartOptions options, App... apps) {
    this(options, Outboxes.inMemory(options.webhooks().maxDeadLetters()), apps);
  }

  /// With the webhooks of this outbox, which it closes.
  ConsoleNode(PartOptions options, Outbox outbox, App... apps) {
    node = TestNode.start(options, FanfareServer.Clocks.SYSTEM, ServerListener.NONE, outbox, apps);
    api = new Api(node.port(), apps[0]);
    console = new ConsoleReader(port(), apps[0]);
  }

  /// With users.
  ConsoleNode(ConsoleUser... users) {
    this(TestNode.PARTS.withConsole(ON.withUsers(List.of(users))), APP, OTHER);
  }

  /// A user whose password is the name.
  static ConsoleUser user(String name, Role role, String... apps) {
    PasswordHash hash = PasswordHash.of(name, new SecureRandom());
    return new ConsoleUser(name, role, hash, List.of(apps));
  }

  /// Sends a change as a page would, with more headers.
  RawHttp.Answer post(String path, String body, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Content-Type: application/json");
    all.add("X-Fanfare-Console: 1");
    all.add("Origin: http://localhost");
    return request("POST", path, body, all.toArray(String[]::new));
  }

  RawHttp.Answer request(String method, String path, String body, String... headers)
      throws IOException {
    try (RawHttp http = new RawHttp(port())) {
      return http.send(RawHttp.request(method, path, body, headers)).next();
    }
  }

  /// Logs in a user whose password is the name; returns the header `Cookie`.
  String login(String name) throws IOException {
    String body = "{\"name\":\"" + name + "\",\"password\":\"" + name + "\"}";
    String cookie = post("/api/login", body).header("Set-Cookie");
    if (cookie == null) {
      throw new AssertionError(name + " cannot log in");
    }
    return "Cookie: " + cookie.split(";", 2)[0];
  }

  TestNode node() {
    return node;
  }

  int port() {
    return node.server().consolePort();
  }

  /// The HTTP API, as the first app.
  Api api() {
    return api;
  }

  RawSocket connect() throws IOException {
    return node.connect();
  }

  RawSocket subscribed(String channel) throws IOException {
    RawSocket socket = connect();
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  /// `GET` of the console, signed by the first app.
  HttpResponse<String> send(String path, String query) throws IOException {
    return console.send(path, query);
  }

  /// The JSON of a path below `/api/apps/ID`.
  JsonNode get(String path, String query) throws IOException {
    return console.get("/api/apps/" + APP.id() + path, query);
  }

  /// The same, asked for until it is as wanted.
  JsonNode await(String path, String query, Predicate<JsonNode> wanted) throws IOException {
    return console.await("/api/apps/" + APP.id() + path, query, wanted);
  }

  /// The number of the newest publish.
  String newest() throws IOException {
    return get("/traces", "limit=1").get("traces").get(0).get("id").stringValue();
  }

  @Override
  public void close() {
    api.close();
    console.close();
    node.close();
  }
}
