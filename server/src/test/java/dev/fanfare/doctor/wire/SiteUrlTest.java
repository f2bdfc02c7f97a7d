package dev.fanfare.doctor.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How URLs are read, and which mistakes are corrected.
final class SiteUrlTest {

  private static SiteUrl good(String text) {
    return ((Parsed.Ok<SiteUrl>) SiteUrl.parse(text)).value();
  }

  @ParameterizedTest
  @CsvSource({
    "wss://example.com, wss://example.com:443",
    "WSS://Example.com:443/, wss://Example.com:443",
    "ws://localhost:6001, ws://localhost:6001",
    "ws://[::1]:6001/ws/, ws://[::1]:6001/ws",
    "wss://example.com/a/b, wss://example.com:443/a/b"
  })
  void aGoodUrlHasNoNotices(String text, String url) {
    assertThat(good(text).site().url()).isEqualTo(url);
    assertThat(good(text).notices()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, wss://example.com:443, Clients use wss",
    "http://localhost:6001, ws://localhost:6001, Clients use ws ",
    "ws://localhost, ws://localhost:80, 'The port is missing, so 80 is used'",
    "wss://example.com/app/key, wss://example.com:443, 'Clients add /app/'",
    "wss://example.com/app, wss://example.com:443, 'Clients add /app/'",
    "wss://example.com/ws/app/key, wss://example.com:443/ws, 'Clients add /app/'",
    "wss://example.com/?protocol=7, wss://example.com:443, 'The query is ignored'"
  })
  void aMistakeIsCorrectedAndReported(String text, String url, String notice) {
    assertThat(good(text).site().url()).isEqualTo(url);
    assertThat(String.join(" ", good(text).notices())).contains(notice.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "localhost:6001",
        "ftp://a",
        "ws://",
        "ws://a:0",
        "ws://a b",
        "ws://a:70000",
        "/ws"
      })
  void whatIsNoUrlIsRefused(String text) {
    assertThat(SiteUrl.parse(text))
        .isEqualTo(
            new Parsed.Bad<>(
                "--url is \""
                    + text
                    + "\", but must look like wss://example.com or ws://localhost:6001."));
  }

  @Test
  void theAuthorityIsThatOfBrowsers() {
    assertThat(good("wss://example.com").site().authority()).isEqualTo("example.com");
    assertThat(good("ws://[::1]:6001").site().authority()).isEqualTo("[::1]:6001");
  }
}
