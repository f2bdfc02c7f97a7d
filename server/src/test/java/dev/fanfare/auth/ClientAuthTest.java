package dev.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures from an application's auth endpoint, with the hosted service's texts (section 1.6).
final class ClientAuthTest {

  private static final String KEY = "278d425bdf160c739803";
  private static final App APP =
      new App("3", KEY, new Secret("7ad3773142a6692b25b8"), AppOptions.DEFAULTS, Limits.HOSTED);
  private static final String FINE = "fine";

  private static String subscribe(
      String channel, @Nullable String auth, @Nullable String channelData) {
    return switch (ChannelName.parse(channel, 200)) {
      case Parsed.Bad<ChannelName> bad -> bad.reason();
      case Parsed.Ok<ChannelName> ok ->
          answer(
              ClientAuth.check(
                  APP, "1234.1234", ok.value(), new Subscribe(channel, auth, channelData)));
    };
  }

  private static String answer(@Nullable Refusal refusal) {
    return refusal == null
        ? FINE
        : refusal.type() + " " + refusal.status() + " " + refusal.message();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      textBlock =
          """
          private-foobar | none | 58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4
          presence-foobar | {"user_id":10,"user_info":{"name":"Mr. Pusher"}} | afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c
          presence-foobar | {"user_id":10,"user_info":{"name":"Mr. Channels"}} | 31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80
          presence-foobar | {"user_id":"10","user_info":{"name":"Mr. Pusher"}} | 48dac51d2d7569e1e9c0f48c227d4b26f238fa68e5c0bb04222c966909c4f7c4
          private-encrypted-foo | none | e85caab4331194145d44feae15aea9539ea50631afacbc593a9555ceadc42357
          private-cache-foo | none | a62de12ce80893ec63e0af7f4628cbf23565b09a27d563cd6dee8c15fe130426
          presence-cache-foo | {"user_id":10,"user_info":{"name":"Mr. Channels"}} | 4cf6c39a41a791b2b6fe0d62924c65bf4d9c327dc972602d22ed75db20d8282a
          """)
  void thePublishedVectors(String channel, @Nullable String channelData, String signature) {
    assertThat(subscribe(channel, KEY + ":" + signature, channelData)).isEqualTo(FINE);
  }

  @Test
  void channelDataIsSignedOnPrivateChannelsToo() {
    String data = "{\"custom\": 1}";
    String signed = sign("1234.1234:private-x:" + data);
    assertThat(subscribe("private-x", signed, data)).isEqualTo(FINE);
    assertThat(subscribe("private-x", signed, null)).startsWith("AuthError 401 Invalid signature");
    String unsigned = sign("1234.1234:private-x");
    assertThat(subscribe("private-x", unsigned, data))
        .startsWith("AuthError 401 Invalid signature");
  }

  @Test
  void emptyChannelDataIsSignedWithItsColon() {
    assertThat(subscribe("private-example", sign("1234.1234:private-example:"), ""))
        .isEqualTo(FINE);
    assertThat(subscribe("private-example", KEY + ":00", ""))
        .isEqualTo(
            "AuthError 401 Invalid signature: Expected HMAC SHA256 hex digest of"
                + " 1234.1234:private-example:, but got 00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "cache-x", "privatefoo", "presencefoo", "Private-x"})
  void publicChannelsNeedNoSignatureAndIgnoreOne(String channel) {
    assertThat(subscribe(channel, null, null)).isEqualTo(FINE);
    assertThat(subscribe(channel, "", null)).isEqualTo(FINE);
    assertThat(subscribe(channel, "rubbish", "rubbish")).isEqualTo(FINE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      textBlock =
          """
          none | Auth info required to subscribe to private-x
          `` | Auth info required to subscribe to private-x
          rubbish | Auth value for subscription to private-x is invalid: should be of format 'key:signature'
          other:58df | Invalid key in subscription auth data: 'other'
          :58df | Invalid key in subscription auth data: ''
          KEY:00 | Invalid signature: Expected HMAC SHA256 hex digest of 1234.1234:private-x, but got 00
          KEY: | Invalid signature: Expected HMAC SHA256 hex digest of 1234.1234:private-x, but got
          KEY:a:b | Invalid signature: Expected HMAC SHA256 hex digest of 1234.1234:private-x, but got a:b
          """)
  void theHostedTexts(@Nullable String auth, String text) {
    String real = auth == null ? null : auth.replace("KEY", KEY);
    assertThat(subscribe("private-x", real, null).strip()).isEqualTo("AuthError 401 " + text);
  }

  @Test
  void aSignatureIsValidOnlyForItsSocketChannelAndData() {
    String good = sign("1234.1234:presence-x:{\"user_id\":\"1\"}");
    assertThat(subscribe("presence-x", good, "{\"user_id\":\"1\"}")).isEqualTo(FINE);
    assertThat(subscribe("presence-x", good, "{\"user_id\":\"2\"}")).isNotEqualTo(FINE);
    assertThat(subscribe("presence-x", good, "{\"user_id\": \"1\"}")).isNotEqualTo(FINE);
    assertThat(subscribe("presence-y", good, "{\"user_id\":\"1\"}")).isNotEqualTo(FINE);
    String otherSocket = sign("1234.1235:presence-x:{\"user_id\":\"1\"}");
    assertThat(subscribe("presence-x", otherSocket, "{\"user_id\":\"1\"}")).isNotEqualTo(FINE);
    assertThat(subscribe("private-x", sign("1234.1234:private-x").toUpperCase(Locale.ROOT), null))
        .isNotEqualTo(FINE);
  }

  @Test
  void aSignInIsSignedWithTheWordUser() {
    String userData = "{\"id\":\"12345\"}";
    String signature = "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba";
    assertThat(signIn(KEY + ":" + signature, userData)).isEqualTo(FINE);
    assertThat(signIn(sign("1234.1234:" + userData), userData))
        .startsWith(
            "AuthError 401 Invalid signature: Expected HMAC SHA256 hex digest of"
                + " 1234.1234::user::{\"id\":\"12345\"}, but got ");
    assertThat(signIn("rubbish", userData))
        .isEqualTo(
            "AuthError 401 Auth value for signin is invalid: should be of format 'key:signature'");
    assertThat(signIn("other:00", userData))
        .isEqualTo("AuthError 401 Invalid key in subscription auth data: 'other'");
  }

  private static String signIn(String auth, String userData) {
    return answer(ClientAuth.check(APP, "1234.1234", new SignIn(auth, userData)));
  }

  private static String sign(String toSign) {
    return KEY + ":" + APP.secret().signature().sign(toSign);
  }
}
