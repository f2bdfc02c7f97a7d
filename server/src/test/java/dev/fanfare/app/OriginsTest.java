package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which origins may connect.
final class OriginsTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          example.com,              https://example.com,        true
          example.com,              http://example.com:8080,    true
          example.com,              https://EXAMPLE.com,        true
          example.com,              ws://example.com,           true
          example.com,              example.com,                true
          example.com,              https://www.example.com,    false
          example.com,              https://badexample.com,     false
          example.com,              https://example.com.evil.net, false
          example.com,              https://example.com@evil.net, false
          example.com,              https://evil.net/example.com, false
          example.com,              https://evil.net#example.com, false
          example.com,              https://example.com:port,   false
          *.example.com,            https://www.example.com,    true
          *.example.com,            https://a.b.example.com,    true
          *.example.com,            https://example.com,        false
          *.example.com,            https://badexample.com,     false
          https://example.com:8443, https://example.com:8443,   true
          https://example.com:8443, https://example.com,        false
          https://example.com,      http://example.com,         false
          https://example.com,      https://example.com:443,    true
          http://example.com,       http://example.com:80,      true
          http://example.com,       http://example.com:443,     false
          wss://example.com,        wss://example.com:443,      true
          my_app,                   http://my_app:3000,         true
          *.my_app.internal,        http://web.my_app.internal, true
          http://my_app:3000,       http://my_app:3000,         true
          host.3com,                https://host.3com,          true
          1node,                    http://1node,               true
          10.0.0.7,                 http://10.0.0.7:8080,       true
          http://[::1]:8080,        http://[::1]:8080,          true
          null,                     null,                       true
          null,                     https://null,               false
          example.com,              null,                       false
          file://,                  file://,                    true
          file://,                  null,                       false
          null,                     file://,                    false
          capacitor://localhost,    capacitor://localhost,      true
          localhost,                capacitor://localhost,      true
          example.com,              not an origin,              false
          *,                        https://anything.example,   true
          """)
  void anEntryMatchesAHostAWildcardOrAWholeOrigin(String allowed, String origin, boolean allows) {
    assertThat(Origins.allows(List.of(allowed), origin, "ws.server.test")).isEqualTo(allows);
  }

  /// What native clients send: an origin derived from the URL that they connect to.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ws.example.com,         http://ws.example.com,            true
          ws.example.com:6001,    http://ws.example.com:6001,       true
          ws.example.com,         ws://ws.example.com:80,           true
          ws.example.com:443,     wss://ws.example.com,             true
          WS.example.com,         https://ws.EXAMPLE.com,           true
          ws.example.com,         ws://ws.example.com/app/key?x=1,  true
          ws.example.com,         ws.example.com,                   true
          my_server:6001,         http://my_server:6001,            true
          node.1a,                http://node.1a,                   true
          10.0.0.7:6001,          http://10.0.0.7:6001,             true
          [::1]:6001,             http://[::1]:6001,                true
          ws.example.com,         https://example.com,              false
          ws.example.com,         https://evil.net,                 false
          ws.example.com,         https://ws.example.com.evil.net,  false
          ws.example.com,         https://ws.example.com@evil.net,  false
          null,                   null,                             false
          a b,                    a b,                              false
          '',                     '',                               false
          """)
  void anOriginOnTheHostThatTheClientConnectsToIsAllowed(
      String requestHost, String origin, boolean allows) {
    assertThat(Origins.allows(List.of("other.test"), origin, requestHost)).isEqualTo(allows);
  }

  @Test
  void anEmptyListAllowsEveryOrigin() {
    assertThat(Origins.allows(List.of(), "https://example.com", null)).isTrue();
  }

  @Test
  void clientsWithoutAnOriginMayConnect() {
    assertThat(Origins.allows(List.of("example.com"), null, null)).isTrue();
  }

  @Test
  void withoutAHostHeaderOnlyTheListCounts() {
    assertThat(Origins.allows(List.of("example.com"), "https://example.com", null)).isTrue();
    assertThat(Origins.allows(List.of("example.com"), "https://other.test", null)).isFalse();
  }
}
