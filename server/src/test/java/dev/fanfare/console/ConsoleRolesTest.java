package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.login.Logins;
import dev.fanfare.console.login.ProofFile;
import dev.fanfare.console.login.Role;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.row.Moments;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Who may use each route. A new route without a row here fails.
final class ConsoleRolesTest {

  private static final String SIGNATURE = "signature";
  private static final List<String> VIEWERS = List.of(SIGNATURE, "viewer", "operator", "admin");
  private static final List<String> PUBLISHERS = List.of(SIGNATURE, "operator", "admin");
  private static final List<String> OPERATORS = List.of("operator", "admin");
  private static final List<String> EVERYBODY =
      List.of("anonymous", SIGNATURE, "viewer", "operator", "admin");

  /// By method and path.
  private static final Map<String, List<String>> TABLE =
      Map.ofEntries(
          Map.entry("GET /api/login", EVERYBODY),
          Map.entry("POST /api/login", EVERYBODY),
          Map.entry("POST /api/logout", EVERYBODY),
          Map.entry("POST /api/link", EVERYBODY),
          Map.entry("GET /api/me", VIEWERS),
          Map.entry("GET /api/overview", VIEWERS),
          Map.entry("GET /api/series", VIEWERS),
          Map.entry("GET /api/stream", VIEWERS),
          Map.entry("GET /api/apps", VIEWERS),
          Map.entry("GET /api/catalog", OPERATORS),
          Map.entry("GET /api/catalog/{id}", OPERATORS),
          Map.entry("POST /api/catalog", List.of("admin")),
          Map.entry("POST /api/catalog/{id}/change", List.of("admin")),
          Map.entry("POST /api/catalog/{id}/rotate", List.of("admin")),
          Map.entry("POST /api/catalog/{id}/disable", List.of("admin")),
          Map.entry("POST /api/catalog/{id}/enable", List.of("admin")),
          Map.entry("POST /api/catalog/{id}/delete", List.of("admin")),
          Map.entry("GET /api/config", OPERATORS),
          Map.entry("POST /api/doctor", OPERATORS),
          Map.entry("GET /api/doctor/{run}", OPERATORS),
          Map.entry("GET /api/apps/{app}/users/{user}", VIEWERS),
          Map.entry("POST /api/apps/{app}/publish", PUBLISHERS),
          Map.entry("GET /api/apps/{app}/webhooks", VIEWERS),
          Map.entry("POST /api/apps/{app}/webhooks/{webhook}/replay", OPERATORS),
          Map.entry("POST /api/apps/{app}/webhooks/purge", List.of("admin")),
          Map.entry("POST /api/apps/{app}/connections/{socket}/close", OPERATORS),
          Map.entry("POST /api/apps/{app}/users/{user}/terminate", OPERATORS),
          Map.entry("POST /api/apps/{app}/arm", OPERATORS),
          Map.entry("GET /api/nodes", VIEWERS),
          Map.entry("GET /api/apps/{app}/nodes/{list}", VIEWERS),
          Map.entry("GET /api/apps/{app}/nodes/{list}/{name}", VIEWERS),
          Map.entry("GET /api/apps/{app}/connections", VIEWERS),
          Map.entry("GET /api/apps/{app}/connections/{socket}", VIEWERS),
          Map.entry("GET /api/apps/{app}/channels", VIEWERS),
          Map.entry("GET /api/apps/{app}/channels/{channel}", VIEWERS),
          Map.entry("GET /api/apps/{app}/refusals", VIEWERS),
          Map.entry("GET /api/apps/{app}/refusals/{row}/why", VIEWERS),
          Map.entry("GET /api/apps/{app}/traces", VIEWERS),
          Map.entry("GET /api/apps/{app}/traces/{trace}", VIEWERS),
          Map.entry("GET /api/apps/{app}/traces/{trace}/to/{socket}", VIEWERS));

  /// The paths of everything that can be read.
  static List<String> reads() {
    return TABLE.keySet().stream()
        .filter(row -> row.startsWith("GET "))
        .map(row -> row.substring("GET ".length()))
        .toList();
  }

  private static List<ConsoleRoute> routes() {
    SecureRandom random = new SecureRandom();
    Moments moments = new Moments(NanoClock.SYSTEM, InstantSource.system());
    Recorder recorder =
        new Recorder(ConsoleNode.ON, new Share("", "", 0), moments, TestNode.apps(ConsoleNode.APP));
    try (ProofFile proof = ProofFile.write(70_002, random)) {
      LoginPages logins =
          new LoginPages(
              TestNode.apps(ConsoleNode.APP),
              new Logins(List.of(), NanoClock.SYSTEM, random),
              proof,
              new LoginCookie(false),
              true);
      RowJson json = new RowJson(moments, "");
      OtherNodes others = new OtherNodes("", _ -> "");
      Armed armed = new Armed(nothing(), NanoClock.SYSTEM);
      ConsoleApi api = new ConsoleApi(parts(), recorder, json, others, armed);
      NodeRoutes nodes = new NodeRoutes(parts(), recorder, json, api, others);
      return ConsoleServer.routes(
          api,
          nodes,
          logins,
          ConsoleServer.acts(
              parts(), recorder, armed, () -> null, new DoctorRuns(NanoClock.SYSTEM)));
    }
  }

  /// Of a server that does not run.
  private static ConsoleParts parts() {
    return ConsolePartsBuilder.builder()
        .apps(TestNode.apps(ConsoleNode.APP))
        .catalog(() -> null)
        .channels(nothing())
        .sessions(nothing())
        .users(nothing())
        .router(nothing())
        .outbox(nothing())
        .lanes(nothing())
        .readiness(new Readiness())
        .clock(NanoClock.SYSTEM)
        .wall(InstantSource.system())
        .bus(new LocalBus())
        .clients((_, _) -> "")
        .protocols(List.of())
        .node("")
        .nodes(_ -> "")
        .version("0")
        .build();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // nothing is called
  private static <T> T nothing() {
    return null;
  }

  @Test
  void everyRouteHasARow() {
    assertThat(routes())
        .extracting(route -> route.method() + " " + route.path())
        .containsExactlyInAnyOrderElementsOf(TABLE.keySet());
  }

  @Test
  void everyRouteIsForThoseOfItsRow() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    try (ConsoleNode node =
        new ConsoleNode(
            ConsoleNode.user("viewer", Role.VIEWER),
            ConsoleNode.user("operator", Role.OPERATOR),
            ConsoleNode.user("admin", Role.ADMIN))) {
      for (String row : TABLE.keySet()) {
        List<String> allowed = new ArrayList<>();
        for (String who : EVERYBODY) {
          if (isAnswered(node, row.split(" ", 2)[0], row.split(" ", 2)[1], who)) {
            allowed.add(who);
          }
        }
        found.put(row, allowed);
      }
    }
    assertThat(found).isEqualTo(new TreeMap<>(TABLE));
  }

  private static boolean isAnswered(ConsoleNode node, String method, String route, String who)
      throws IOException {
    String path = route.replace("{app}", "1234").replaceAll("\\{[a-z]+}", "x");
    String query = path.equals("/api/stream") ? "app=1234&kind=x" : "";
    String body = method.equals("POST") ? "{}" : "";
    String target = query.isEmpty() ? path : path + "?" + query;
    String header = "X-None: x";
    if (who.equals(SIGNATURE)) {
      long now = System.currentTimeMillis() / 1_000;
      target = path + "?" + Api.signedQuery(ConsoleNode.APP, method, path, query, body, now);
    } else if (!who.equals("anonymous")) {
      header = node.login(who);
    }
    RawHttp.Answer answer =
        method.equals("POST")
            ? node.post(target, body, header)
            : node.request(method, target, body, header);
    boolean isOurRefusal = answer.status() == 403 || answer.body().contains("Log in");
    return !isOurRefusal;
  }

  /// Other apps than those of a user might as well not exist.
  @Test
  void otherAppsAreHidden() throws IOException {
    try (ConsoleNode node = new ConsoleNode(ConsoleNode.user("ann", Role.ADMIN, "2"))) {
      String cookie = node.login("ann");
      assertThat(node.request("GET", "/api/me", "", cookie).line())
          .isEqualTo(
              "200 {\"name\":\"ann\",\"role\":\"admin\",\"apps\":[\"2\"],\"payloads\":true}\n");
      for (String path : TABLE.keySet()) {
        String[] row = path.split(" ", 2);
        if (row[1].startsWith("/api/apps/{app}")) {
          String target = row[1].replace("{app}", "1234").replaceAll("\\{[a-z]+}", "x");
          RawHttp.Answer answer =
              row[0].equals("GET")
                  ? node.request("GET", target, "", cookie)
                  : node.post(target, "{}", cookie);
          assertThat(answer.line()).as(target).isEqualTo("404 {\"error\":\"Unknown app id 1234\"}");
        }
      }
      assertThat(node.request("GET", "/api/stream?app=1234", "", cookie).status()).isEqualTo(404);
      assertThat(node.request("GET", "/api/apps/2/channels", "", cookie).status()).isEqualTo(200);
    }
  }
}
