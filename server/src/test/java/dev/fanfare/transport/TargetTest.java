package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Request targets from the decoder, split but otherwise unchanged.
final class TargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /apps/3/events | '' | /apps/3/events | ''
          /apps/3/events? | '' | /apps/3/events | ''
          /a?b?c=d&e | '' | /a | b?c=d&e
          /a;b=%2F%zz+c?x=%20+;y | '' | /a;b=%2F%zz+c | x=%20+;y
          //a | '' | //a | ''
          * | '' | * | ''
          '' | '' | '' | ''
          http://host:80/a?b | '' | /a | b
          HTTPS://host/a://b | '' | /a://b | ''
          http://host | '' | / | ''
          /a://b | '' | /a://b | ''
          /ws/apps | /ws | /apps | ''
          /apps | /ws | /apps | ''
          /ws | /ws | /ws | ''
          /wsx/apps | /ws | /wsx/apps | ''
          /ws/ws/apps | /ws | /ws/apps | ''
          http://host/ws/apps?x | /ws | /apps | x
          /a?b=/ws/c | /ws | /a | b=/ws/c
          /é?ü=✓ | '' | /é | ü=✓
          """)
  void aTarget(String text, String prefix, String path, String query) {
    String latin1 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Target.of(latin1, prefix)).isEqualTo(new Target(path, query));
  }
}
