package dev.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The checks on a signed request: their order and literal texts, and the published test vectors.
final class RequestAuthTest {

  private static final String KEY = "278d425bdf160c739803";
  private static final App APP = app(KEY, "7ad3773142a6692b25b8");
  private static final Instant NOW = Instant.parse("2013-09-29T08:36:32Z");
  private static final String ACCEPTED = "accepted";
  private static final String BODY =
      "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}";

  private static App app(String key, String secret) {
    return new App("3", key, new Secret(secret), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  private static String check(App app, Instant now, String method, String target, String body) {
    int mark = target.indexOf('?');
    Refusal refusal =
        new RequestAuth(() -> now, ServerListener.NONE)
            .check(
                app,
                method,
                target.substring(0, mark),
                Query.parse(target.substring(mark + 1)),
                body.getBytes(StandardCharsets.UTF_8));
    return refusal == null ? ACCEPTED : refusal.status() + " " + refusal.message();
  }

  private static String get(String query) {
    return check(APP, NOW, "GET", "/apps/3/channels?" + query, "");
  }

  /// Adds a valid signature to a query.
  private static String signed(String method, String path, String query) {
    String sorted = Query.parse(query).toSign(Query.Arrays.BRACKETS);
    String toSign = Signature.request(method, path, sorted);
    return query + "&auth_signature=" + APP.secret().signature().sign(toSign);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nothing=here | Missing parameter: auth_key
          auth_key= | Unknown auth_key
          auth_key=foreign | Unknown auth_key
          auth_key=KEY | Version required
          auth_key=KEY&auth_version=2.0 | Version not supported
          auth_key=KEY&auth_version= | Version not supported
          auth_key=KEY&auth_version=1.0 | Timestamp required
          auth_key=KEY&auth_version=1.0&auth_timestamp= | Timestamp required
          auth_key=KEY&auth_version=1.0&auth_timestamp=%20 | Timestamp required
          auth_key=KEY&auth_version=1.0&auth_timestamp=soon | Timestamp invalid: Given timestamp (soon) not within 600s of server time (2013-09-29T08:36:32Z); it must be seconds since 1970, such as 1380443792
          auth_key=KEY&auth_version=1.0&auth_timestamp=1.38e9 | Timestamp invalid: Given timestamp (1.38e9) not within 600s of server time (2013-09-29T08:36:32Z); it must be seconds since 1970, such as 1380443792
          auth_key=KEY&auth_version=1.0&auth_timestamp=99999999999999999999 | Timestamp invalid: Given timestamp (99999999999999999999) not within 600s of server time (2013-09-29T08:36:32Z); it must be seconds since 1970, such as 1380443792
          auth_key=KEY&auth_version=1.0&auth_timestamp=1380443793123 | Timestamp expired: Given timestamp (+45714-07-10T17:12:03Z) not within 600s of server time (2013-09-29T08:36:32Z); it must be seconds, not milliseconds
          auth_key=KEY&auth_version=1.0&auth_timestamp=1380444393.5 | Timestamp expired: Given timestamp (2013-09-29T08:46:33Z) not within 600s of server time (2013-09-29T08:36:32Z)
          auth_key=KEY&auth_version=1.0&auth_timestamp=1380444393 | Timestamp expired: Given timestamp (2013-09-29T08:46:33Z) not within 600s of server time (2013-09-29T08:36:32Z)
          auth_key=KEY&auth_version=1.0&auth_timestamp=1380443792 | Missing parameter: auth_signature
          auth_key=KEY&auth_version=1.0&auth_timestamp=1380443792&auth_signature=00 | Invalid signature: you should have sent HmacSHA256Hex("GET\\n/apps/3/channels\\nauth_key=KEY&auth_timestamp=1380443792&auth_version=1.0", your_secret_key), but you sent "00"
          """)
  void theChecksInTheirOrder(String query, String text) {
    assertThat(get(query.replace("KEY", KEY))).isEqualTo("401 " + text.replace("KEY", KEY));
  }

  @ParameterizedTest
  @CsvSource({"-599, true", "599, true", "0, true", "-600, false", "600, false"})
  void aTimestampMayBeUpTo599SecondsOff(long offset, boolean isValid) {
    String query =
        "auth_key="
            + KEY
            + "&auth_version=1.0&auth_timestamp="
            + NOW.plusSeconds(offset).getEpochSecond();
    String answer = get(signed("GET", "/apps/3/channels", query));
    if (isValid) {
      assertThat(answer).isEqualTo(ACCEPTED);
    } else {
      assertThat(answer)
          .isEqualTo(
              "401 Timestamp expired: Given timestamp ("
                  + NOW.plusSeconds(offset)
                  + ") not within 600s of server time (2013-09-29T08:36:32Z)");
    }
  }

  /// As the reference implementation reads them: whole seconds, whatever the fraction.
  @ParameterizedTest
  @ValueSource(
      strings = {"1380443792.9", "1380443792.", "01380443792", "%2B1380443792", "1380443792%20"})
  void otherSpellingsOfATimestampAreAccepted(String timestamp) {
    App protectedApp = APP.withOptions(APP.options().withReplayProtection(true));
    String query = "auth_key=" + KEY + "&auth_version=1.0&auth_timestamp=" + timestamp;
    String target = "/apps/3/channels?" + signed("GET", "/apps/3/channels", query);
    assertThat(check(APP, NOW, "GET", target, "")).isEqualTo(ACCEPTED);
    assertThat(check(protectedApp, NOW, "GET", target, "")).isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "99999999999", "999999999999", "-99999999999"})
  void distantTimestampsAreExpired(String timestamp) {
    String query = "auth_key=" + KEY + "&auth_version=1.0&auth_timestamp=" + timestamp;
    assertThat(get(query)).startsWith("401 Timestamp expired: Given timestamp (");
  }

  private static final String FIXED = "auth_key=KEY&auth_timestamp=1353088179&auth_version=1.0";

  private static String vector(String secretAndKey, String method, String target, String body) {
    String[] parts = secretAndKey.split(":", -1);
    String full = target.replace("FIXED", FIXED).replace("KEY", parts[0]);
    long at = Long.parseLong(full.replaceAll(".*auth_timestamp=(\\d+).*", "$1"));
    return check(app(parts[0], parts[1]), Instant.ofEpochSecond(at), method, full, body);
  }

  /// Section 9, vectors 9 to 15 and those of the Go SDK.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET | /apps/3/channels?FIXED&filter_by_prefix=presence-&info=user_count&auth_signature=16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291 | ``
          GET | /apps/3/channels?FIXED&body_md5=d41d8cd98f00b204e9800998ecf8427e&filter_by_prefix=presence-&info=user_count&auth_signature=f3f17c61ae491cc9085db68b22076e9b772e3bcb301659d655153ee3f9782aba | ``
          GET | /apps/3/channels/presence-foobar?FIXED&info=user_count,subscription_count&auth_signature=377ee9260ea002a70c0d40cd887d55cb36db9f7f821297f5efacbcce66be356d | ``
          GET | /apps/3/channels/presence-foobar/users?FIXED&auth_signature=5567dd30e7f8575e66be615d2aac3f608a0c311c31ddab8513a278b022e9597e | ``
          POST | /apps/3/users/12345/terminate_connections?FIXED&body_md5=99914b932bd37a50b983c5e7c90ae93b&auth_signature=01fa634edeb0cae84115307cad5c23f65a46cd286461b1c89637a3b5871a8f0e | {}
          POST | /apps/3/events?FIXED&body_md5=ec365a775a4cd0599faeb73354201b6f&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c | {"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}
          POST | /apps/3/events?FIXED&body_md5=0cd63665b78d124bf79ac2a9621b043f&auth_signature=136dbe53320aa77276c4974aba5afae4304b700f26bf30ac08e23adb229290a4 | {"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"grüße ✓\\"}"}
          POST | /apps/3/batch_events?FIXED&body_md5=a910cec06d487aaba55d0bf32a53465a&auth_signature=6f626069a54bc10bd07eadf65f5b1f634e487f128b589403a1772fd4175cda39 | {"batch":[{"channel":"my-channel","name":"my_event","data":"{\\"hello\\":\\"world\\"}"},{"channel":"presence-x","name":"e2","data":"two","socket_id":"1234.1234","info":"user_count"}]}
          """)
  void thePublishedVectors(String method, String target, String body) {
    assertThat(vector(KEY + ":7ad3773142a6692b25b8", method, target, body)).isEqualTo(ACCEPTED);
  }

  @Test
  void theVectorWithAnUpperCaseKey() {
    assertThat(
            vector(
                "foo:bar",
                "GET",
                "/some/resource?Name=Something%20else&FIXED&auth_signature="
                    + "65cc02d2c7bbca7a0362a08a3d1bc96f941db8ceb9c1e44e277e47998c08263a",
                ""))
        .isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /channels | 1427034994 | &filter_by_prefix=presence-&info=user_count | 4d8a02edcc8a758b0162cd6da690a9a45fb8ae326a276dca1e06a0bc42796c11
          /channels | 1427036787 | '' | df89248f87f6e6d028925e0b04d60f316527a865992ace6936afa91281d8bef0
          /channels/presence-session-d41a439c438a100756f5-4bf35003e819bb138249-ROpCFmgFhXY | 1427053326 | &info=user_count,subscription_count | f93ceb31f396aef336226efe512aaf339bd5e39c7c2c04b81cc8681dc16ee785
          /channels/presence-session-d41a439c438a100756f5-4bf35003e819bb138249-nYJLy67qh52/users | 1427053709 | '' | 207feaf4e8efeb24e5f148011704251bf90e2059a5f97a3eb52d06178b11feca
          """)
  void theVectorsOfTheGoSdk(String path, String timestamp, String extra, String signature) {
    String target =
        "/apps/102015"
            + path
            + "?auth_key=KEY&auth_timestamp="
            + timestamp
            + "&auth_version=1.0"
            + extra
            + "&auth_signature="
            + signature;
    assertThat(vector("d41a439c438a100756f5:4bf35003e819bb138249", "GET", target, ""))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void aBodyRequiresItsMd5() {
    String plain = "auth_key=" + KEY + "&auth_version=1.0&auth_timestamp=" + NOW.getEpochSecond();
    assertThat(post(plain, BODY)).isEqualTo("401 Missing parameter: body_md5");
    String md5 = "ec365a775a4cd0599faeb73354201b6f";
    assertThat(post(plain + "&body_md5=" + md5, BODY)).isEqualTo(ACCEPTED);
    assertThat(post(plain + "&body_md5=EC365A775A4CD0599FAEB73354201B6F", BODY))
        .isEqualTo(ACCEPTED);
    assertThat(post(plain + "&body_md5=" + md5, BODY + " "))
        .isEqualTo(
            "401 Invalid body_md5: the MD5 of the body is 8c604c0dd00c1224de36e41b5ae65836, but you"
                + " sent ec365a775a4cd0599faeb73354201b6f");
    assertThat(post(plain + "&body_md5=" + md5, "")).startsWith("401 Invalid body_md5");
    assertThat(post(plain + "&body_md5=d41d8cd98f00b204e9800998ecf8427e", "")).isEqualTo(ACCEPTED);
    assertThat(post(plain, "")).isEqualTo(ACCEPTED);
  }

  private static String post(String query, String body) {
    return check(
        APP, NOW, "POST", "/apps/3/events?" + signed("POST", "/apps/3/events", query), body);
  }
}
