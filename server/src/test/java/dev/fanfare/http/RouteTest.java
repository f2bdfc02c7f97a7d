package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.http.Route.Access;
import dev.fanfare.http.RouteTable.PathMatch;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Raw paths and their endpoints.
final class RouteTest {

  private static final RouteTable ROUTES = new OfflineNode().routes();

  private static String show(String path) {
    PathMatch match = ROUTES.find(path);
    if (match == null) {
      return "none";
    }
    String appId = match.appId() == null ? "by key" : match.appId();
    return match.resource().methods().getFirst()
        + " "
        + match.template()
        + " "
        + appId
        + String.join("", match.names().stream().map(name -> " [" + name + "]").toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /apps/3/events | POST /apps/{id}/events 3
          /apps/3/batch_events | POST /apps/{id}/batch_events 3
          /apps/3/channels | GET /apps/{id}/channels 3
          /apps/3/channels/my-channel | GET /apps/{id}/channels/{name} 3 [my-channel]
          /apps/3/channels/presence-x/users | GET /apps/{id}/channels/{name}/users 3 [presence-x]
          /apps/3/channels/x/events | POST /apps/{id}/channels/{name}/events 3 [x]
          /apps/3/channels/x/events/purge | POST /apps/{id}/channels/{name}/events/purge 3 [x]
          /apps/3/users/12345/events | DELETE /apps/{id}/users/{user}/events 3 [12345]
          /apps/3/users/12345/events/purge | POST /apps/{id}/users/{user}/events/purge 3 [12345]
          /apps/3/users/12345/terminate_connections | POST /apps/{id}/users/{user}/terminate_connections 3 [12345]
          /users/12345/terminate_connections | POST /apps/{id}/users/{user}/terminate_connections by key [12345]
          /apps/3/webhooks | GET /apps/{id}/webhooks 3
          /apps/3/webhooks/17 | GET /apps/{id}/webhooks/{webhook} 3 [17]
          /apps/3/webhooks/replay | POST /apps/{id}/webhooks/replay 3
          /apps/3/webhooks/17/replay | POST /apps/{id}/webhooks/{webhook}/replay 3 [17]
          /apps//events | POST /apps/{id}/events
          /apps/a%20b/events | POST /apps/{id}/events a b
          /apps/3/webhooks/replay/replay | POST /apps/{id}/webhooks/{webhook}/replay 3 [replay]
          /live | GET /live by key
          / | GET /live by key
          /up | GET /live by key
          /ready | GET /ready by key
          /accept-traffic | GET /ready by key
          /usage | GET /usage by key
          """)
  void everyEndpoint(String path, String route) {
    assertThat(show(path).strip()).isEqualTo(route);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          presence-a,b;c=@d.e | presence-a,b;c=@d.e
          a;jsessionid=1 | a;jsessionid=1
          ;;== | ;;==
          a%3Bb%3D%40%2C | a;b=@,
          a%2Fb | a/b
          a+b | a+b
          %23server-to-user-1 | #server-to-user-1
          %C3%A9 | é
          100% | 100%
          . | .
          events | events
          users | users
          """)
  void aNameIsEverythingBetweenTwoSlashes(String segment, String name) {
    assertThat(show("/apps/3/channels/" + segment))
        .isEqualTo("GET /apps/{id}/channels/{name} 3 [" + name + "]");
    assertThat(show("/apps/3/channels/" + segment + "/users"))
        .isEqualTo("GET /apps/{id}/channels/{name}/users 3 [" + name + "]");
    assertThat(show("/apps/3/users/" + segment + "/terminate_connections"))
        .isEqualTo("POST /apps/{id}/users/{user}/terminate_connections 3 [" + name + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "apps/3/events",
        "//apps/3/events",
        "/apps",
        "/apps/3",
        "/apps/3/",
        "/apps/3/events/",
        "/apps/3//events",
        "/apps/3/Events",
        "/apps/3/events;x=1",
        "/apps/3/channels/a/b",
        "/apps/3/channels/a/users/1",
        "/apps/3/channels/a/b/users",
        "/apps/3/users/1",
        "/apps/3/users/1/terminate",
        "/apps/3/webhooks/17/show",
        "/apps/3/users/u 1/é/terminate_connections",
        "/users/1",
        "/users/1/2/terminate_connections",
        "/app/key",
        "/pusher/app/key/123/abcdefgh/xhr_streaming"
      })
  void otherPathsHaveNoEndpoint(String path) {
    assertThat(show(path)).isEqualTo("none");
  }

  private static Route row(String method, String template, Access access) {
    return new Route(method, template, access, _ -> Response.success(200, template), List.of());
  }

  @Test
  void rowsThatContradictEachOtherAreRefused() {
    Route row = row("GET", "/a/{b}", Access.OPEN);
    assertThatThrownBy(() -> new RouteTable(List.of(row, row)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RouteTable(List.of(row, row("PUT", "/a/{b}", Access.SIGNED))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RouteTable(List.of(row, row("GET", "/a/{c}", Access.OPEN))))
        .hasMessage("two endpoints have the path /a/{c}");
  }

  @Test
  void aRowMayHaveAnyMethod() {
    RouteTable table =
        new RouteTable(List.of(row("GET", "/a", Access.OPEN), row("PUT", "/a", Access.OPEN)));
    PathMatch match = Objects.requireNonNull(table.find("/a"));
    assertThat(match.resource().methods()).containsExactly("GET", "HEAD", "PUT", "OPTIONS");
    assertThat(match.resource().handler("OPTIONS")).isNull();
    assertThat(match.resource().handler("DELETE")).isNull();
  }

  @Test
  void anEndpointOfOperatorsIsRefusedEvenToThoseWhoSignForAnApp() {
    OfflineNode node = new OfflineNode();
    Router router =
        node.router(new RouteTable(List.of(row("GET", "/operator/{id}", Access.OPERATOR))));
    String path = "/operator/" + TestNode.APP.id();
    String query = Api.signedQuery(TestNode.APP, "GET", path, "", "", node.epochSeconds());
    for (String each : List.of("", query)) {
      Request request =
          new Request("GET", path, each, new byte[0], Request.Headers.NONE, () -> "127.0.0.1:1");
      Response response = router.route(request).now();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.reason())
          .isEqualTo("No operator key is configured (server.operator_keys)");
    }
    assertThat(router.isOpen(path)).isFalse();
  }
}
