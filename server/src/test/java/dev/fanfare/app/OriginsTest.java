package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which pages may connect.
final class OriginsTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          example.com,              https://example.com,        true
          example.com,              http://example.com:8080,    true
          example.com,              https://EXAMPLE.com,        true
          example.com,              https://www.example.com,    false
          example.com,              https://badexample.com,     false
          *.example.com,            https://www.example.com,    true
          *.example.com,            https://a.b.example.com,    true
          *.example.com,            https://example.com,        false
          *.example.com,            https://badexample.com,     false
          https://example.com:8443, https://example.com:8443,   true
          https://example.com:8443, https://example.com,        false
          https://example.com,      http://example.com,         false
          example.com,              null,                       false
          example.com,              not an origin,              false
          *,                        https://anything.example,   true
          """)
  void anOriginMatchesByHostByWildcardOrAsAWhole(String allowed, String origin, boolean allows) {
    assertThat(Origins.allows(List.of(allowed), origin)).isEqualTo(allows);
  }

  @Test
  void withoutAListEveryoneMayConnect() {
    assertThat(Origins.allows(List.of(), "https://example.com")).isTrue();
  }

  @Test
  void clientsThatAreNoBrowsersSendNoOrigin() {
    assertThat(Origins.allows(List.of("example.com"), null)).isTrue();
  }
}
