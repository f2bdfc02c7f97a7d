package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UrlHostTest {

  @ParameterizedTest
  @CsvSource({
    "http://example.com, example.com, -1",
    "http://laravel_app:8000/hook, laravel_app, 8000",
    "https://_app_.internal/, _app_.internal, -1",
    "ws://my_app., my_app., -1",
    "http://my_app:/x, my_app, -1",
    "http://service.1a:81, service.1a, 81",
    "http://[::1]:6001, [::1], 6001",
    "http://user@example.com:1, example.com, 1",
  })
  void hostAndPortAreRead(String url, String host, int port) {
    assertThat(UrlHost.of(URI.create(url))).isEqualTo(new UrlHost(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:///path",
        "mailto:x",
        "http://my_app:0",
        "http://my_app:65536",
        "http://my_app:x",
        "http://user:password@my_app/",
        "http://-my_app/",
        "http://my_app-/",
        "http://my$app/",
        "http://my%5Fapp/",
        "http://example.com:0",
      })
  void otherUrlsHaveNone(String url) {
    assertThat(UrlHost.of(URI.create(url))).isNull();
  }

  @Test
  void socketsGetNoBrackets() {
    assertThat(new UrlHost("[::1]", -1).bareHost()).isEqualTo("::1");
    assertThat(new UrlHost("a_b", -1).bareHost()).isEqualTo("a_b");
    assertThat(new UrlHost("a_b", -1).portOr(80)).isEqualTo(80);
    assertThat(new UrlHost("a_b", 81).portOr(80)).isEqualTo(81);
    assertThat(new UrlHost("a_b", 81).hasUnderscore()).isTrue();
    assertThat(new UrlHost("a-b", 81).hasUnderscore()).isFalse();
  }
}
