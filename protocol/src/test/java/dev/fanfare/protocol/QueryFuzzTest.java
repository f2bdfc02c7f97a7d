package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.protocol.Query.Arrays;
import java.nio.charset.StandardCharsets;

/// Any query string can be parsed, and its string to sign does not depend on the signature.
final class QueryFuzzTest {

  private static final Signature SIGNATURE = Signature.ofSecret("7ad3773142a6692b25b8");

  @FuzzTest
  void anyQueryCanBeSignedAndVerified(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    Query query = Query.parse(raw);
    if (Query.parse(raw + "&a&b").check() instanceof Parsed.Bad) {
      return; // such a query is refused before anything is signed
    }
    assertThat(query.all("channels").size()).isLessThanOrEqualTo(raw.length() + 1);
    for (Arrays arrays : Arrays.values()) {
      String signed = query.toSign(arrays);
      String hex = SIGNATURE.sign(signed);
      Query sent = Query.parse("auth_signature=" + hex + "&" + raw);
      assertThat(sent.get("AUTH_signature")).isEqualTo(hex);
      assertThat(SIGNATURE.matches(sent.toSign(arrays), hex)).isTrue();
      Query forged = Query.parse("auth_signature=" + hex + "&" + raw + "&forged=1");
      assertThat(SIGNATURE.matches(forged.toSign(arrays), hex)).isFalse();
    }
    assertThat(Query.decode(raw, false).length()).isLessThanOrEqualTo(raw.length());
  }
}
