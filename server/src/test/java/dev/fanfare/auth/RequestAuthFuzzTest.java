package dev.fanfare.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.app.App;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.testing.FuzzedRequest;
import dev.fanfare.testing.TestNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Every signed request passes, and no other does.
final class RequestAuthFuzzTest {

  private static final App APP = TestNode.APP;
  private static final Instant NOW = Instant.ofEpochSecond(1_353_088_179);
  private static final RequestAuth AUTH =
      new RequestAuth(InstantSource.fixed(NOW), ServerListener.NONE);

  @FuzzTest
  void aRequestPassesIfAndOnlyIfItWasSigned(byte[] bytes) {
    FuzzedRequest request = FuzzedRequest.of(bytes);
    String signed = request.signedQuery(APP, NOW.getEpochSecond());
    if (Query.parse(signed + "&forged=1").check() instanceof Parsed.Bad) {
      return; // has too many parameters, which is refused before its signature is checked
    }
    Refusal unsigned = check(request, request.query());
    assertThat(unsigned).isNotNull();
    assertThat(unsigned.status()).isEqualTo(401);
    assertThat(unsigned.message()).isNotBlank();

    assertThat(check(request, signed)).isNull();
    assertThat(check(request, signed + "&forged=1")).isNotNull();
    assertThat(
            check(
                new FuzzedRequest(request.method() + "X", request.path(), "", request.body()),
                signed))
        .isNotNull();
    assertThat(check(withLongerBody(request), signed)).isNotNull();
  }

  private static FuzzedRequest withLongerBody(FuzzedRequest request) {
    byte[] longer = Arrays.copyOf(request.body(), request.body().length + 1);
    return new FuzzedRequest(request.method(), request.path(), request.query(), longer);
  }

  private static @Nullable Refusal check(FuzzedRequest request, String query) {
    return AUTH.check(APP, request.method(), request.path(), Query.parse(query), request.body());
  }
}
