package dev.fanfare.console.detective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// For each mistake a signature that was made with it, and the finding; none for random ones.
final class DetectiveTest {

  private static final App APP = app("1", "own-secret").withPreviousSecret(new Secret("old-one"));
  private static final App OTHER = app("3", "other-secret");
  private static final List<App> ALL = List.of(APP, OTHER);

  private static final String PATH = "/apps/1/events";
  private static final String QUERY =
      "name=x&auth_key=key-1&auth_timestamp=1764270000&auth_version=1.0&body_md5=00";

  private static App app(String id, String secret) {
    return new App(id, "key-" + id, new Secret(secret), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  private static String sign(App app, String text) {
    return app.secret().signature().sign(text);
  }

  private static @Nullable Finding subscription(@Nullable String data, String auth) {
    SubscriptionCase theCase =
        new SubscriptionCase(
            "1.2",
            List.of(new SubscriptionCase.Earlier("9.9", "ended 4 s before")),
            "private-Room",
            data,
            auth);
    return theCase.solve(new Detective(APP, ALL, _ -> true), APP, ALL);
  }

  private static void assertSubscription(
      String what, String text, @Nullable String data, App signer, String signed) {
    assertThat(subscription(data, "key-1:" + sign(signer, signed)))
        .isEqualTo(new Finding(what, text));
  }

  @Test
  void otherSecrets() {
    assertSubscription(
        "other_app",
        "The signature is right with app 3's secret: the auth endpoint or publisher has the"
            + " credentials of the wrong app",
        null,
        OTHER,
        "1.2:private-Room");
    Signature previous = new Secret("old-one").signature();
    assertThat(subscription(null, "key-1:" + previous.sign("1.2:private-room")))
        .isEqualTo(
            new Finding(
                "channel",
                "The signature is right for the channel private-room: the name in lower case, and"
                    + " with this app's previous_secret"));
    Detective blind = new Detective(APP, ALL, each -> each.id().equals("1"));
    SubscriptionCase theCase =
        new SubscriptionCase(
            "1.2", List.of(), "private-a", null, "key-1:" + sign(OTHER, "1.2:private-a"));
    assertThat(theCase.solve(blind, APP, ALL))
        .extracting(Finding::text)
        .asString()
        .contains("another app of this server's secret")
        .doesNotContain("app 3");
  }

  @Test
  void otherTexts() {
    assertSubscription(
        "old_socket",
        "The signature is right for the connection 9.9 of the same address, which ended 4 s before:"
            + " the page signed with an old socket id",
        null,
        APP,
        "9.9:private-Room");
    assertSubscription(
        "no_data",
        "The signature is right without channel_data, which must be signed as it is sent",
        "{\"a\": 1}",
        APP,
        "1.2:private-Room");
    assertSubscription(
        "rewritten_data",
        "The signature is right for channel_data without its white space: it was written again"
            + " after it was signed",
        "{\"a\": 1}",
        APP,
        "1.2:private-Room:{\"a\":1}");
    assertSubscription(
        "channel",
        "The signature is right for the channel presence-Room: the name with presence-",
        null,
        APP,
        "1.2:presence-Room");
    assertSubscription(
        "channel",
        "The signature is right for the channel Room: the name with no prefix",
        null,
        APP,
        "1.2:Room");
    assertSubscription(
        "order",
        "The signature is right for the channel before the socket id: the order must be the other"
            + " way round",
        null,
        APP,
        "private-Room:1.2");
    assertSubscription(
        "signin",
        "The signature is right for a sign-in: the endpoint for users was asked, not the one for"
            + " channels",
        "{}",
        APP,
        "1.2::user::{}");
  }

  @Test
  void otherSpellingsAndKeys() {
    String right = sign(APP, "1.2:private-Room");
    byte[] bytes = HexFormat.of().parseHex(right);
    for (String given :
        List.of(right.toUpperCase(Locale.ROOT), Base64.getEncoder().encodeToString(bytes))) {
      assertThat(subscription(null, "key-1:" + given))
          .extracting(Finding::what)
          .isEqualTo("spelling");
    }
    assertThat(subscription(null, "key-3:" + "0".repeat(64)))
        .isEqualTo(new Finding("other_key", "The key is that of another app of this server"));
    assertThat(subscription(null, "no signature")).extracting(Finding::what).isEqualTo("no_key");
  }

  private static @Nullable Finding request(App signer, String signed) {
    String query = QUERY + "&auth_signature=" + sign(signer, signed);
    return new RequestCase("POST", PATH, query).solve(new Detective(APP, ALL, _ -> true), APP, ALL);
  }

  @Test
  void requests() {
    String joined = Query.parse(QUERY).toSign(Query.Arrays.JOINED);
    assertThat(request(OTHER, Signature.request("POST", PATH, joined)))
        .extracting(Finding::what)
        .isEqualTo("other_app");
    assertThat(request(APP, Signature.request("GET", PATH, joined)))
        .isEqualTo(new Finding("method", "The signature is right for the method GET"));
    assertThat(request(APP, Signature.request("POST", "/events", joined)))
        .isEqualTo(new Finding("path", "The signature is right for the path /events"));
    assertThat(request(APP, Signature.request("POST", "/apps/3/events", joined)))
        .isEqualTo(new Finding("path", "The signature is right for the path /apps/3/events"));
    assertThat(request(APP, Signature.request("POST", PATH, QUERY)))
        .extracting(Finding::what)
        .isEqualTo("unsorted_query");
    assertThat(request(APP, Signature.request("POST", PATH, joined.replace("&name=x", ""))))
        .extracting(Finding::what)
        .isEqualTo("other_parameters");
    assertThat(request(APP, Signature.request("POST", PATH, joined.replace("&body_md5=00", ""))))
        .extracting(Finding::what)
        .isEqualTo("no_body_md5");
    assertThat(request(APP, Signature.request("POST", PATH, joined.replace("70000", "70003"))))
        .extracting(Finding::what)
        .isEqualTo("timestamp");
    assertThat(request(APP, "POST\\n" + PATH + "\\n" + joined))
        .extracting(Finding::what)
        .isEqualTo("separator");
  }

  @Test
  void randomSignaturesHaveNoFindingAndFewAreTried() {
    Random random = new Random(7);
    List<App> many = new ArrayList<>(ALL);
    for (int i = 10; i < 400; i++) {
      many.add(app(String.valueOf(i), "secret-" + i).withPreviousSecret(new Secret("old-" + i)));
    }
    for (int i = 0; i < 5; i++) {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      String hex = HexFormat.of().formatHex(bytes);
      Detective detective = new Detective(APP, many, _ -> true);
      SubscriptionCase subscription =
          new SubscriptionCase("1.2", List.of(), "private-a", "{}", "key-1:" + hex);
      assertThat(subscription.solve(detective, APP, many)).isNull();
      assertThat(detective.signed()).isEqualTo(Detective.MAX_SIGNATURES);
      Detective second = new Detective(APP, ALL, _ -> true);
      RequestCase request = new RequestCase("POST", PATH, QUERY + "&auth_signature=" + hex);
      assertThat(request.solve(second, APP, ALL)).isNull();
      assertThat(second.signed()).isLessThanOrEqualTo(Detective.MAX_SIGNATURES);
    }
  }
}
