package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every signature vector of section 9, the protocol part of invariant 13. Most are published by
/// Pusher or are part of the test suites of its SDKs.
final class SignatureTest {

  private static final String SECRET = "7ad3773142a6692b25b8";
  private static final Signature SIGNATURE = Signature.ofSecret(SECRET);

  @ParameterizedTest(name = "vector {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          # number | socket id | channel          | channel_data | signature
          1 | 1234.1234 | private-foobar          | - | 58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4
          2 | 1234.1234 | presence-foobar         | {"user_id":10,"user_info":{"name":"Mr. Pusher"}}   | afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c
          3 | 1234.1234 | presence-foobar         | {"user_id":10,"user_info":{"name":"Mr. Channels"}} | 31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80
          4 | 1234.1234 | presence-foobar         | {"user_id":"10","user_info":{"name":"Mr. Pusher"}} | 48dac51d2d7569e1e9c0f48c227d4b26f238fa68e5c0bb04222c966909c4f7c4
          6 | 1234.1234 | private-encrypted-foo   | - | e85caab4331194145d44feae15aea9539ea50631afacbc593a9555ceadc42357
          7 | 1234.1234 | private-cache-foo       | - | a62de12ce80893ec63e0af7f4628cbf23565b09a27d563cd6dee8c15fe130426
          8 | 1234.1234 | presence-cache-foo      | {"user_id":10,"user_info":{"name":"Mr. Channels"}} | 4cf6c39a41a791b2b6fe0d62924c65bf4d9c327dc972602d22ed75db20d8282a
          """)
  void invariant13_subscriptionsAreSignedAsPublished(
      int number, String socketId, String channel, String channelData, String signature) {
    assertThat(SIGNATURE.sign(Signature.subscription(socketId, channel, channelData)))
        .as("vector %d", number)
        .isEqualTo(signature);
  }

  @Test
  void invariant13_signInsAreSignedAsPublished() {
    assertThat(SIGNATURE.sign(Signature.signIn("1234.1234", "{\"id\":\"12345\"}")))
        .as("vector 5")
        .isEqualTo("4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba");
  }

  /// An empty `channel_data` is signed as a third part, an absent one is not (section 2.3).
  @Test
  void emptyChannelDataIsSignedToo() {
    assertThat(Signature.subscription("1.2", "private-x", "")).isEqualTo("1.2:private-x:");
    assertThat(Signature.subscription("1.2", "private-x", null)).isEqualTo("1.2:private-x");
  }

  @ParameterizedTest(name = "vector {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # number | method | path | what is added to the query (14 signs the body {}) | signature
          9  | POST | /apps/3/events     | body_md5=ec365a775a4cd0599faeb73354201b6f | da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c
          10 | GET  | /apps/3/channels   | filter_by_prefix=presence-&info=user_count | 16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291
          11 | GET  | /apps/3/channels   | info=user_count&filter_by_prefix=presence-&body_md5=d41d8cd98f00b204e9800998ecf8427e | f3f17c61ae491cc9085db68b22076e9b772e3bcb301659d655153ee3f9782aba
          12 | GET  | /apps/3/channels/presence-foobar | info=user_count%2Csubscription_count | 377ee9260ea002a70c0d40cd887d55cb36db9f7f821297f5efacbcce66be356d
          13 | GET  | /apps/3/channels/presence-foobar/users | `` | 5567dd30e7f8575e66be615d2aac3f608a0c311c31ddab8513a278b022e9597e
          14 | POST | /apps/3/users/12345/terminate_connections | body_md5=99914b932bd37a50b983c5e7c90ae93b | 01fa634edeb0cae84115307cad5c23f65a46cd286461b1c89637a3b5871a8f0e
          batch     | POST | /apps/3/batch_events | body_md5=a910cec06d487aaba55d0bf32a53465a | 6f626069a54bc10bd07eadf65f5b1f634e487f128b589403a1772fd4175cda39
          non-ASCII | POST | /apps/3/events       | body_md5=0cd63665b78d124bf79ac2a9621b043f | 136dbe53320aa77276c4974aba5afae4304b700f26bf30ac08e23adb229290a4
          """)
  void invariant13_requestsAreSignedAsPublished(
      String number, String method, String path, String added, String signature) {
    String query =
        "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&" + added;
    assertThat(SIGNATURE.sign(toSign(method, path, query)))
        .as("vector %s", number)
        .isEqualTo(signature);
  }

  @Test
  void invariant13_keysOfParametersAreLowered() {
    String query = "auth_key=foo&auth_timestamp=1353088179&auth_version=1.0&Name=Something%20else";
    assertThat(Signature.ofSecret("bar").sign(toSign("GET", "/some/resource", query)))
        .as("vector 15")
        .isEqualTo("65cc02d2c7bbca7a0362a08a3d1bc96f941db8ceb9c1e44e277e47998c08263a");
  }

  /// From the test suite of the Go SDK.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # path below /apps/102015/channels | timestamp | what is added to the query | signature
          ``                      | 1427034994 | &filter_by_prefix=presence-&info=user_count | 4d8a02edcc8a758b0162cd6da690a9a45fb8ae326a276dca1e06a0bc42796c11
          ``                      | 1427036787 | ``                                          | df89248f87f6e6d028925e0b04d60f316527a865992ace6936afa91281d8bef0
          /presence-session-d41a439c438a100756f5-4bf35003e819bb138249-ROpCFmgFhXY       | 1427053326 | &info=user_count,subscription_count | f93ceb31f396aef336226efe512aaf339bd5e39c7c2c04b81cc8681dc16ee785
          /presence-session-d41a439c438a100756f5-4bf35003e819bb138249-nYJLy67qh52/users | 1427053709 | `` | 207feaf4e8efeb24e5f148011704251bf90e2059a5f97a3eb52d06178b11feca
          """)
  void invariant13_requestsOfTheGoSdkAreSignedAlike(
      String path, String timestamp, String added, String signature) {
    String query =
        "auth_key=d41a439c438a100756f5&auth_timestamp=" + timestamp + "&auth_version=1.0" + added;
    assertThat(
            Signature.ofSecret("4bf35003e819bb138249")
                .sign(toSign("GET", "/apps/102015/channels" + path, query)))
        .isEqualTo(signature);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # bytes | MD5 | body
          68  | ec365a775a4cd0599faeb73354201b6f | {"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}
          75  | 0cd63665b78d124bf79ac2a9621b043f | {"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"grüße ✓\\"}"}
          179 | a910cec06d487aaba55d0bf32a53465a | {"batch":[{"channel":"my-channel","name":"my_event","data":"{\\"hello\\":\\"world\\"}"},{"channel":"presence-x","name":"e2","data":"two","socket_id":"1234.1234","info":"user_count"}]}
          2   | 99914b932bd37a50b983c5e7c90ae93b | {}
          0   | d41d8cd98f00b204e9800998ecf8427e | ``
          """)
  void invariant13_bodiesHaveTheirPublishedMd5(int bytes, String md5, String body) {
    byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
    assertThat(utf8).hasSize(bytes);
    assertThat(Signature.md5(utf8)).isEqualTo(md5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # secret | body | signature
          7ad3773142a6692b25b8 | {"time_ms":1327078148132,"events":[{"name":"channel_occupied","channel":"test_channel"}]} | 709fdb84c03664445f7698120b0edf0acc1ab1c8c6e93a0368c61841d6b998aa
          7ad3773142a6692b25b8 | {"time_ms":1327078148132,"events":[{"name":"member_added","channel":"presence-foobar","user_id":"10"},{"name":"channel_vacated","channel":"my-channel"}]} | 13ca495e1786cf352c95a774db51f5bef46f168619bdd8f408728a1e62bb617e
          tofu        | {"time_ms":1403175510755,"events":[{"channel":"test_channel","name":"channel_vacated"}]} | c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5
          secret      | {"hello":"world"} | 2677ad3e7c090b2fa2c0fb13020d66d5420879b8316eb356a2d60fb9073bc778
          supersecret | Hello!            | 64e3f44166575febbc5de88c9476325ea7d4b3684752158d9fdb31fce34b980d
          """)
  void invariant13_webhookBodiesAreSignedAsRawBytes(String secret, String body, String signature) {
    Signature signer = Signature.ofSecret(secret);
    assertThat(signer.sign(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(signature);
    assertThat(signer.sign(body)).isEqualTo(signature);
  }

  static IntStream secretLengths() {
    return IntStream.of(1, 20, 32, 63, 64, 65, 66, 128, 1_000);
  }

  /// A block of SHA-256 has 64 bytes; longer secrets are hashed first. Compared with the JDK's
  /// HMAC.
  @ParameterizedTest
  @MethodSource("secretLengths")
  void secretsOfAnyLengthGiveTheSameHmacAsTheJdk(int length) throws GeneralSecurityException {
    String secret = "k".repeat(length - 1) + "!";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    for (int size : new int[] {0, 1, 55, 56, 63, 64, 65, 10_000}) {
      byte[] message = "m".repeat(size).getBytes(StandardCharsets.UTF_8);
      assertThat(Signature.ofSecret(secret).sign(message))
          .isEqualTo(HexFormat.of().formatHex(mac.doFinal(message)));
    }
  }

  @Test
  void exactlyTheLowercaseHexMatches() {
    String text = "1234.1234:private-foobar";
    String hex = SIGNATURE.sign(text);
    assertThat(SIGNATURE.matches(text, hex)).isTrue();
    assertThat(SIGNATURE.matches(text + "x", hex)).isFalse();
    assertThat(Signature.ofSecret(SECRET + "x").matches(text, hex)).isFalse();
    assertThat(SIGNATURE.matches(text, hex.toUpperCase(Locale.ROOT))).isFalse();
    for (int i = 0; i < hex.length(); i++) {
      char other = hex.charAt(i) == '0' ? '1' : '0';
      String wrong = hex.substring(0, i) + other + hex.substring(i + 1);
      assertThat(SIGNATURE.matches(text, wrong)).as("wrong digit %d", i).isFalse();
      assertThat(SIGNATURE.matches(text, hex.substring(0, i))).as("first %d digits", i).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
        "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\n",
        "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a40",
        "0x58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
        "\ud800",
        "\u0665\u0668",
      })
  void noExtraCharactersAreAccepted(String wrong) {
    assertThat(SIGNATURE.matches("1234.1234:private-foobar", wrong)).isFalse();
  }

  private static String toSign(String method, String path, String query) {
    return Signature.request(method, path, Query.parse(query).toSign(Query.Arrays.JOINED));
  }
}
