package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"1.1", "0.0", "1234.5678", "200557.5043858", "151004717.3505838415", "007.1"})
  void twoIntegersAndADotAreASocketId(String text) {
    assertThat(SocketId.isValid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.2.3",
        "1..2",
        "-1.2",
        "1.+2",
        "1.2 ",
        " 1.2",
        "1.2\n",
        "1,2",
        "a.b",
        "1.2e3",
        "\u0661.\u0662", // digits, but Arabic ones
        "12345678901234567890.12345678901234567890", // 41 characters
      })
  void anyOtherTextIsNot(String text) {
    assertThat(SocketId.isValid(text)).isFalse();
  }

  /// Section 1.2: no sign, no leading zeros, at most ten digits, not guessable.
  @Test
  void freshIdsAreValidAndDoNotRepeat() {
    SecureRandom random = new SecureRandom();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String id = SocketId.next(random);
      assertThat(id).matches("(0|[1-9]\\d{0,9})\\.(0|[1-9]\\d{0,9})");
      assertThat(SocketId.isValid(id)).isTrue();
      assertThat(seen.add(id)).as("%s came twice", id).isTrue();
    }
  }
}
