package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// URLs of engines.
final class EngineUrlTest {

  private static EngineUrl parsed(String text) {
    return switch (EngineUrl.parse(text)) {
      case Parsed.Ok(EngineUrl url) -> url;
      case Parsed.Bad(String reason) -> throw new AssertionError(reason);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "redis://cache, redis://cache:6379",
    "redis://cache:7000/0, redis://cache:7000",
    "rediss://user:pass@cache, rediss://cache:6379",
    "redis://[::1]:7, redis://[::1]:7",
    "redis://redis_1, redis://redis_1:6379",
    "nats://token@10.0.0.1, nats://10.0.0.1:4222",
    "tls://nats.example.com:4443, tls://nats.example.com:4443",
  })
  void aUrlIsShownWithItsPortAndWithoutLogin(String text, String shown) {
    assertThat(parsed(text)).hasToString(shown);
  }

  @Test
  void sentinelsHaveSeveralHostsAndAMaster() {
    EngineUrl url = parsed("redis-sentinel://:p%40ss@one,two:27000/house");
    assertThat(url).hasToString("redis-sentinel://one:26379,two:27000/house");
    assertThat(url.password()).isEqualTo(new Secret("p@ss"));
    assertThat(url.user()).isEmpty();
    assertThat(url.hosts())
        .isEqualTo(List.of(new EngineUrl.Host("one", 26_379), new EngineUrl.Host("two", 27_000)));
  }

  @Test
  void userAndPasswordAreDecoded() {
    EngineUrl url = parsed("redis://us%3Aer:a+b%2F@cache");
    assertThat(url.user()).isEqualTo("us:er");
    assertThat(url.password()).isEqualTo(new Secret("a+b/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cache:6379",
        "http://cache",
        "redis://",
        "redis://cache:0",
        "redis://cache:65536",
        "redis://cache:x",
        "redis://one,two",
        "redis://cache/name",
        "redis://a b",
        "redis-sentinel://one",
        "redis-sentinel://one/",
        "redis://secret%zz@cache",
        "redis://cache?x=secret",
      })
  void aWrongUrlIsRefusedWithoutRepeatingIt(String text) {
    assertThat(EngineUrl.parse(text))
        .isInstanceOfSatisfying(
            Parsed.Bad.class, bad -> assertThat(bad.reason()).doesNotContain("secret"));
  }
}
