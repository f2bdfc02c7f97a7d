package dev.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Query;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real SDKs do not always sign what they send. Each row has what is sent, and the path and query
/// that were signed.
final class RequestSpellingsTest {

  private static final Secret SECRET = new Secret("7ad3773142a6692b25b8");
  private static final App APP = new App("3", "k", SECRET, AppOptions.DEFAULTS, Limits.HOSTED);
  private static final long NOW = 1353088179;
  private static final String AUTH = "auth_key=k&auth_timestamp=" + NOW + "&auth_version=1.0";

  private static boolean isAccepted(String path, String query, String signedPath, String signed) {
    String toSign = "GET\n" + signedPath + "\n" + signed.replace("AUTH", AUTH);
    String signature = SECRET.signature().sign(toSign);
    String sent = query.replace("AUTH", AUTH).replace("SIGNATURE", "auth_signature=" + signature);
    RequestAuth auth = new RequestAuth(() -> Instant.ofEpochSecond(NOW), ServerListener.NONE);
    return auth.check(APP, "GET", path, Query.parse(sent), new byte[0]) == null;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java: in arbitrary order | info=user_count%2Csubscription_count&SIGNATURE&AUTH | AUTH&info=user_count,subscription_count
          java: spaces as plus | AUTH&x=a+b%2B&SIGNATURE | AUTH&x=a b+
          node, python and go: nothing escaped | AUTH&info=user_count,subscription_count&SIGNATURE | AUTH&info=user_count,subscription_count
          node: a literal plus | AUTH&x=a+b&SIGNATURE | AUTH&x=a+b
          node: a raw percent sign | AUTH&x=100%&SIGNATURE | AUTH&x=100%
          escaped before signing | AUTH&x=a%2Cb&SIGNATURE | AUTH&x=a%2Cb
          php: an indexed array | AUTH&channels%5B0%5D=a&channels%5B1%5D=b&SIGNATURE | AUTH&channels=a,b
          php: the same unescaped | AUTH&channels[0]=a&channels[1]=b&SIGNATURE | AUTH&channels=a,b
          ruby: an array | AUTH&channels[]=a&channels[]=b&SIGNATURE | AUTH&channels[]=a&channels[]=b
          ruby: escaped brackets | AUTH&channels%5B%5D=b&channels%5B%5D=a&SIGNATURE | AUTH&channels[]=b&channels[]=a
          upper-case keys | Z=1&AUTH&Body=2&SIGNATURE | AUTH&body=2&z=1
          a value with an equals sign | AUTH&x=a=b=&SIGNATURE | AUTH&x=a=b=
          a key without a value | AUTH&x&SIGNATURE | AUTH&x=
          perl: a key without = | AUTH&name=e&socket_id&SIGNATURE | AUTH&name=e&socket_id
          a semicolon in a value | AUTH&x=a;b&SIGNATURE | AUTH&x=a;b
          UTF-8 escaped | AUTH&x=%C3%A9%E2%9C%93&SIGNATURE | AUTH&x=é✓
          UTF-8 unescaped | AUTH&x=é✓&SIGNATURE | AUTH&x=é✓
          empty pairs | &&AUTH&&SIGNATURE& | AUTH
          """)
  void queries(String what, String sent, String signed) {
    assertThat(isAccepted("/apps/3/channels", sent, "/apps/3/channels", signed)).as(what).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          channel characters unescaped | /apps/3/channels/presence-a,b;c=@d.e/users | /apps/3/channels/presence-a,b;c=@d.e/users
          signed as sent | /apps/3/channels/a%3Bb | /apps/3/channels/a%3Bb
          signed before escaping | /apps/3/channels/a%3Bb | /apps/3/channels/a;b
          node: a user id with special characters | /apps/3/users/u%201/%C3%A9/terminate_connections | /apps/3/users/u 1/é/terminate_connections
          a plus stays a plus | /apps/3/channels/a+b | /apps/3/channels/a+b
          a user channel | /apps/3/channels/%23server-to-user-1 | /apps/3/channels/#server-to-user-1
          """)
  void paths(String what, String sent, String signed) {
    assertThat(isAccepted(sent, "AUTH&SIGNATURE", signed, "AUTH")).as(what).isTrue();
  }

  /// Publishers behind a path prefix sign the path with the prefix or without it.
  @ParameterizedTest
  @CsvSource({
    "/apps/3/events, true",
    "/ws/apps/3/events, true",
    "/wsx/apps/3/events, false",
    "/ws/ws/apps/3/events, false",
    "/ws, false"
  })
  void thePathPrefixMayBeSigned(String signedPath, boolean isAccepted) {
    RequestAuth auth =
        new RequestAuth(() -> Instant.ofEpochSecond(NOW), ServerListener.NONE, "/ws");
    String signature = SECRET.signature().sign("GET\n" + signedPath + "\n" + AUTH);
    Query query = Query.parse(AUTH + "&auth_signature=" + signature);
    assertThat(auth.check(APP, "GET", "/apps/3/events", query, new byte[0]) == null)
        .isEqualTo(isAccepted);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          another path | /apps/3/channels/b | AUTH&x=1&SIGNATURE
          an additional parameter | /apps/3/channels/a | AUTH&x=1&SIGNATURE&info=user_count
          a missing parameter | /apps/3/channels/a | AUTH&SIGNATURE
          another value | /apps/3/channels/a | AUTH&x=2&SIGNATURE
          a parameter twice | /apps/3/channels/a | AUTH&x=1&x=1&SIGNATURE
          half a signature | /apps/3/channels/a | AUTH&x=1&auth_signature=16819168891cb5df
          no signature | /apps/3/channels/a | AUTH&x=1&auth_signature=
          """)
  void otherRequestsAreRefused(String what, String path, String sent) {
    assertThat(isAccepted("/apps/3/channels/a", "AUTH&x=1&SIGNATURE", "/apps/3/channels/a", SIGNED))
        .isTrue();
    assertThat(isAccepted(path, sent, "/apps/3/channels/a", SIGNED)).as(what).isFalse();
  }

  private static final String SIGNED = "AUTH&x=1";

  /// Every spelling of a query as long as those of SDKs is tried; of one that fills the request
  /// line, only the first.
  @ParameterizedTest
  @CsvSource({"1000, true", "7000, true", "15000, false"})
  void veryLongQueriesHaveFewerSpellings(int chars, boolean isAccepted) {
    String escaped = "AUTH&x=%2C" + "a".repeat(chars);
    assertThat(isAccepted("/apps/3/channels", escaped + "&SIGNATURE", "/apps/3/channels", escaped))
        .isEqualTo(isAccepted);
    String decoded = "AUTH&x=," + "a".repeat(chars);
    assertThat(isAccepted("/apps/3/channels", escaped + "&SIGNATURE", "/apps/3/channels", decoded))
        .isTrue();
  }
}
