package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that strangers choose.
final class NameTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "a\nb", "\ud800"})
  void namesThatNoRowCanHaveAreNotAskedFor(String text) {
    assertThat(new Name(true, text).isPossible()).isFalse();
  }

  @Test
  void aNameIsAsLongAsAColumnAtMost() {
    assertThat(new Name(true, "x".repeat(255)).isPossible()).isTrue();
    assertThat(new Name(true, "x".repeat(256)).isPossible()).isFalse();
  }
}
