package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.ReadOnlyStore;
import dev.fanfare.app.Secret;
import dev.fanfare.config.AppJson;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.MemoryAppStore;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Operators list and change apps: requests and answers to the byte, with a separate signer.
@Tag("one-node")
final class OperatorAppsTest {

  private static final OperatorKey KEY =
      new OperatorKey("ops", "operator-key", new Secret("operator-secret-1"));
  private static final String APPS = "/operator/apps";
  private static final App APP = PlainApp.APP;

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private MemoryAppStore store;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            TestNode.PARTS.withOperators(List.of(KEY)),
            clock.withSystemTime(),
            ServerListener.NONE,
            APP);
    FanfareServer server = node.server();
    store = new MemoryAppStore(List.of(APP), server::reload);
    server.manage(new AppCatalog(store, format()));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static AppJson format() {
    return new AppJson(Draft.empty(), new Random(1));
  }

  private RawHttp.Answer send(String method, String path, String body) throws IOException {
    clock.advance(Duration.ofSeconds(1));
    return ask(signed(KEY.key(), KEY.secret().reveal(), method, path, body));
  }

  private RawHttp.Answer ask(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(request).next();
    }
  }

  /// As the documentation says, without code of ours. The parameter `n` makes each request new.
  private static String signed(String key, String secret, String method, String path, String body) {
    try {
      int mark = path.indexOf('?');
      String plain = mark < 0 ? path : path.substring(0, mark);
      Map<String, String> query = new TreeMap<>();
      if (mark >= 0) {
        String[] parameter = path.substring(mark + 1).split("=", 2);
        query.put(parameter[0], parameter[1]);
      }
      query.put("auth_key", key);
      query.put("auth_timestamp", Long.toString(System.currentTimeMillis() / 1_000));
      query.put("auth_version", "1.0");
      query.put("n", Long.toString(System.nanoTime()));
      if (!body.isEmpty()) {
        byte[] md5 = MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
        query.put("body_md5", HexFormat.of().formatHex(md5));
      }
      StringBuilder joined = new StringBuilder();
      query.forEach((name, value) -> joined.append('&').append(name).append('=').append(value));
      String toSign = method + "\n" + plain + "\n" + joined.substring(1);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String hex = HexFormat.of().formatHex(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
      String target = plain + "?" + joined.substring(1) + "&auth_signature=" + hex;
      return RawHttp.request(method, target, body);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String secretOf(RawHttp.Answer answer) throws MalformedJson {
    String[] secret = {""};
    Json.readObject(
        answer.body(),
        (name, value) -> {
          if (name.equals("secret")) {
            secret[0] = value.string();
          }
        });
    return secret[0];
  }

  @Test
  void appsAreListedInPagesWithoutSecrets() throws IOException {
    assertThat(send("POST", APPS, "{\"id\":\"20\",\"key\":\"k20\",\"secret\":\"s20\"}").status())
        .isEqualTo(201);
    assertThat(send("GET", APPS + "?limit=1", "").line())
        .isEqualTo(
            "200 {\"apps\":[{\"id\":\"3\",\"key\":\""
                + APP.key()
                + "\",\"enabled\":true,\"has_previous_secret\":false}],\"next\":\"3\","
                + "\"changeable\":true}");
    assertThat(send("GET", APPS + "?after=3", "").line())
        .isEqualTo(
            "200 {\"apps\":[{\"id\":\"20\",\"key\":\"k20\",\"enabled\":true,"
                + "\"has_previous_secret\":false}],\"changeable\":true}");
    assertThat(send("GET", APPS + "?limit=0", "").line())
        .isEqualTo("400 limit is \"0\", but must be a whole number from 1 to 1000");
    RawHttp.Answer shown = send("GET", APPS + "/20", "");
    assertThat(shown.body())
        .startsWith("{\"app\":{\"id\":\"20\",\"key\":\"k20\",\"enabled\":true,")
        .endsWith("\"webhooks\":[],\"history\":[]},\"has_previous_secret\":false}")
        .doesNotContain("s20");
    assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
    assertThat(send("GET", APPS + "/21", "").line()).isEqualTo("404 Unknown app id 21");
  }

  @Test
  void aNewAppIsUsedAtOnceAndEndsWhenItIsDeleted() throws Exception {
    RawHttp.Answer created =
        send("POST", APPS, "{\"id\":\"5\",\"key\":\"new-key\",\"client_events\":true}");
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    App app = APP.withId("5").withKey("new-key").withSecret(new Secret(secretOf(created)));
    assertThat(ask(RawHttp.signed(app, "GET", "/channels", "")).line())
        .isEqualTo("200 {\"channels\":{}}");
    try (RawSocket socket = RawSocket.established(node.port(), "new-key")) {
      assertThat(send("PATCH", APPS + "/5", "{\"limits\":{\"max_event_bytes\":5}}").status())
          .isEqualTo(200);
      assertThat(
              ask(RawHttp.signed(
                      app,
                      "POST",
                      "/events",
                      "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"123456\"}"))
                  .status())
          .isEqualTo(413);
      assertThat(send("DELETE", APPS + "/5", "").line()).isEqualTo("200 {\"deleted\":true}");
      assertThat(socket.nextClose().closeCode()).isEqualTo(4001);
    }
    assertThat(send("DELETE", APPS + "/5", "").line()).isEqualTo("404 Unknown app id 5");
    assertThat(ask(RawHttp.signed(app, "GET", "/channels", "")).line())
        .isEqualTo("404 Unknown app id 5");
  }

  @Test
  void aRotatedSecretLeavesTheFormerOneValidUntilThatIsDropped() throws Exception {
    RawHttp.Answer rotated = send("POST", APPS + "/3/rotate", "");
    App next = APP.withSecret(new Secret(secretOf(rotated)));
    assertThat(rotated.body()).contains("\"has_previous_secret\":true,\"secret\":\"");
    for (App each : List.of(APP, next)) {
      assertThat(ask(RawHttp.signed(each, "GET", "/channels", "")).status()).isEqualTo(200);
    }
    assertThat(send("PATCH", APPS + "/3", "{\"previous_secret\":null}").body())
        .endsWith("\"has_previous_secret\":false}");
    assertThat(ask(RawHttp.signed(APP, "GET", "/channels", "")).status()).isEqualTo(401);
    assertThat(ask(RawHttp.signed(next, "GET", "/channels", "")).status()).isEqualTo(200);
    assertThat(send("POST", APPS + "/3/rotate", "{\"keep_previous\":false}").body())
        .contains("\"has_previous_secret\":false,\"secret\":\"");
    assertThat(ask(RawHttp.signed(next, "GET", "/channels", "")).status()).isEqualTo(401);
    assertThat(send("POST", APPS + "/3/rotate", "{\"keep\":false}").line())
        .isEqualTo("400 The body may contain keep_previous only, true or false");
  }

  @Test
  void aDisabledAppRefusesUntilItIsEnabled() throws IOException {
    assertThat(send("POST", APPS + "/3/disable", "").body()).contains("\"enabled\":false");
    assertThat(ask(RawHttp.signed(APP, "GET", "/channels", "")).line())
        .isEqualTo("403 Application disabled");
    assertThat(send("POST", APPS + "/3/enable", "").body()).contains("\"enabled\":true");
    assertThat(ask(RawHttp.signed(APP, "GET", "/channels", "")).status()).isEqualTo(200);
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    assertThat(send("POST", APPS, "{\"compresion\":true}").line())
        .isEqualTo("400 body:1:2: app.compresion is not known; did you mean app.compression?");
    assertThat(send("POST", APPS, "{\"id\":\"3\"}").line())
        .isEqualTo("409 another app has the id 3");
    assertThat(send("POST", APPS, "{\"key\":\"" + APP.key() + "\"}").line())
        .isEqualTo("409 another app has the key " + APP.key());
    assertThat(send("PUT", APPS + "/3", "{}").line()).isEqualTo("405 Method not allowed, use GET");
    store.fail("connection refused");
    RawHttp.Answer away = send("GET", APPS + "/3", "");
    assertThat(away.line()).isEqualTo("503 The apps cannot be reached: connection refused");
    assertThat(away.header("Retry-After")).isEqualTo("1");
    int most = TestNode.PARTS.server().maxRequestBytes();
    String head = RawHttp.request("POST", APPS, "", "Content-Length: " + (most + 1));
    assertThat(ask(head).status()).isEqualTo(413);
  }

  @Test
  void onlyOperatorsMaySign() throws IOException {
    String secret = KEY.secret().reveal();
    assertThat(ask(RawHttp.request("GET", APPS, "")).line())
        .isEqualTo("401 Missing parameter: auth_key");
    assertThat(ask(signed(APP.key(), APP.secret().reveal(), "GET", APPS, "")).line())
        .isEqualTo("401 Unknown auth_key");
    assertThat(ask(signed(KEY.key(), "wrong", "GET", APPS, "")).line())
        .startsWith("401 Invalid signature: you should have sent HmacSHA256Hex(\"GET\\n" + APPS);
    assertThat(ask(signed(KEY.key(), secret, "GET", "/apps/3/channels", "")).line())
        .isEqualTo("401 Unknown auth_key");
    String again = signed(KEY.key(), secret, "GET", APPS + "/3", "");
    assertThat(ask(again).status()).isEqualTo(200);
    assertThat(ask(again).line()).startsWith("401 Signature used before");
    node.server().useOperators(List.of());
    assertThat(ask(signed(KEY.key(), secret, "GET", APPS, "")).line())
        .isEqualTo("401 No operator key is configured (server.operator_keys)");
  }

  @Test
  void operatorsAndRefusalsHaveALimit() throws IOException {
    assertThat(send("GET", APPS, "").status()).isEqualTo(200);
    for (int i = 0; i < 10; i++) {
      assertThat(ask(signed(KEY.key(), "wrong", "GET", APPS, "")).status()).isEqualTo(401);
    }
    RawHttp.Answer refused = ask(signed(KEY.key(), "wrong", "GET", APPS, ""));
    assertThat(refused.line())
        .isEqualTo(
            "429 Too many refused requests of operators: 10 per second are answered in detail");
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    for (int i = 0; i < 49; i++) {
      assertThat(ask(signed(KEY.key(), KEY.secret().reveal(), "GET", APPS, "")).status())
          .isEqualTo(200);
    }
    assertThat(ask(signed(KEY.key(), KEY.secret().reveal(), "GET", APPS, "")).line())
        .isEqualTo("429 Too many requests of the operator ops: 50 per second are allowed");
    assertThat(send("GET", APPS, "").status()).isEqualTo(200);
  }

  @Test
  void appsOfAFileAreOnlyRead() throws IOException {
    String reason = "the apps are defined in fanfare.yaml; change them there and reload";
    FanfareServer server = node.server();
    server.manage(new AppCatalog(new ReadOnlyStore(server.apps(), reason), format()));
    assertThat(send("GET", APPS, "").body())
        .endsWith("\"changeable\":false,\"reason\":\"" + reason + "\"}");
    assertThat(send("GET", APPS + "/3", "").status()).isEqualTo(200);
    assertThat(send("POST", APPS, "{}").line()).isEqualTo("409 " + reason);
    assertThat(send("PATCH", APPS + "/3", "{").line()).isEqualTo("409 " + reason);
    for (String each : List.of("rotate", "disable", "enable")) {
      assertThat(send("POST", APPS + "/3/" + each, "").line()).isEqualTo("409 " + reason);
    }
    assertThat(send("DELETE", APPS + "/3", "").line()).isEqualTo("409 " + reason);
  }
}
