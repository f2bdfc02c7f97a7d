package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The documented pattern decides validity, and the prefixes determine the flags.
final class ChannelNameFuzzTest {

  private static final Pattern VALID =
      Pattern.compile("(#server-to-user-)?[A-Za-z0-9_\\-=@,.;]{1,200}");
  private static final int MAX_CHARS = 200;

  @FuzzTest
  void aNameIsValidIfAndOnlyIfThePatternSaysSo(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean isValid = text.length() <= MAX_CHARS && VALID.matcher(text).matches();
    switch (ChannelName.parse(text, MAX_CHARS)) {
      case Parsed.Ok<ChannelName> ok -> {
        assertThat(isValid).isTrue();
        hasTheFlagsOfItsPrefixes(ok.value(), text);
      }
      case Parsed.Bad<ChannelName> bad -> {
        assertThat(isValid).isFalse();
        assertThat(bad.reason()).isNotBlank();
      }
    }
  }

  private static void hasTheFlagsOfItsPrefixes(ChannelName name, String text) {
    assertThat(name.value()).isEqualTo(text);
    assertThat(name.isUser()).isEqualTo(text.startsWith("#"));
    assertThat(name.hasMembers()).isEqualTo(text.startsWith("presence-"));
    assertThat(name.needsAuth()).isEqualTo(text.matches("(private|presence)-.*"));
    assertThat(name.isEncrypted()).isEqualTo(text.startsWith("private-encrypted-"));
    assertThat(name.isCached())
        .isEqualTo(text.matches("((private-(encrypted-)?)|presence-)?cache-.*"));
    if (name.isUser()) {
      assertThat(UserData.isValidId(name.userId())).isTrue();
    }
  }
}
