package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Raw paths and their endpoints.
final class RouteTest {

  private static String show(String path) {
    Route route = Route.of(path);
    if (route == null) {
      return "none";
    }
    String appId = route.appId() == null ? "by key" : route.appId();
    return route.methods().getFirst()
        + " "
        + route.kind()
        + " "
        + appId
        + String.join("", route.names().stream().map(name -> " [" + name + "]").toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /apps/3/events | POST EVENTS 3
          /apps/3/batch_events | POST BATCH_EVENTS 3
          /apps/3/channels | GET CHANNELS 3
          /apps/3/channels/my-channel | GET CHANNEL 3 [my-channel]
          /apps/3/channels/presence-x/users | GET CHANNEL_USERS 3 [presence-x]
          /apps/3/channels/x/events | POST CHANNEL_EVENTS 3 [x]
          /apps/3/users/12345/terminate_connections | POST TERMINATE 3 [12345]
          /users/12345/terminate_connections | POST TERMINATE by key [12345]
          /apps/3/webhooks | GET WEBHOOKS 3
          /apps/3/webhooks/17 | GET WEBHOOK 3 [17]
          /apps/3/webhooks/replay | POST WEBHOOK_REPLAYS 3
          /apps/3/webhooks/17/replay | POST WEBHOOK_REPLAY 3 [17]
          /apps//events | POST EVENTS
          /apps/a%20b/events | POST EVENTS a b
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
    assertThat(show("/apps/3/channels/" + segment)).isEqualTo("GET CHANNEL 3 [" + name + "]");
    assertThat(show("/apps/3/channels/" + segment + "/users"))
        .isEqualTo("GET CHANNEL_USERS 3 [" + name + "]");
    assertThat(show("/apps/3/users/" + segment + "/terminate_connections"))
        .isEqualTo("POST TERMINATE 3 [" + name + "]");
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
}
