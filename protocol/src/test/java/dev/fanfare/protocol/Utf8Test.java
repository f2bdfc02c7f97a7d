package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "\u0000",
        "\u007f\u0080\u07ff\u0800\uffff",
        "\ud83d\ude00",
        "\udbff\udfff"
      })
  void encodedTextIsValid(String text) {
    assertThat(Utf8.isValid(text.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  /// The escapes of the JSON text are written with `!` for the backslash.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \ud83d              | !ud83d
          \ude00              | !ude00
          a\ud83d             | a!ud83d
          a\ud83db            | a!ud83db
          \ud83d\ud83d\ude00  | !ud83d\ud83d\ude00
          \ude00\ud83d        | !ude00!ud83d
          \ud83d\ude00        | \ud83d\ude00
          \ud83d\ude00\ude00  | \ud83d\ude00!ude00
          \u00fc\ud83d?       | \u00fc!ud83d?
          what?              | what?
          gr\u00fc\u00df?      | gr\u00fc\u00df?
          """)
  void loneSurrogatesAreEscaped(String text, String escaped) {
    String expected = escaped.replace('!', '\\');
    assertThat(Utf8.escapeLoneSurrogates(text)).isEqualTo(expected);
    assertThat(new String(Utf8.ofJson(text), StandardCharsets.UTF_8)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          80           | a continuation without a start
          61ff         | a byte that never occurs
          c3           | a start without its continuation
          c328         | a start with something else behind it
          c080         | two bytes for what needs one
          e08080       | three bytes for what needs one
          eda080       | half a surrogate pair
          edbfbf       | the other half
          f4908080     | beyond the last code point
          f0808080     | four bytes for what needs one
          f8888080     | five bytes
          e282         | three bytes less one
          """)
  void malformedSequencesAreInvalid(String hex, String why) {
    assertThat(Utf8.isValid(HexFormat.of().parseHex(hex))).as(why).isFalse();
    assertThat(Utf8.isValid(HexFormat.of().parseHex("616161" + hex))).as(why).isFalse();
  }
}
