package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of section 2.1.
final class ChannelNameTest {

  private static final int MAX_CHARS = 200;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # name                     | auth  | members | cached | encrypted | user
          my-channel                 | false | false   | false  | false     | false
          cache-x                    | false | false   | true   | false     | false
          private-x                  | true  | false   | false  | false     | false
          private-cache-x            | true  | false   | true   | false     | false
          private-encrypted-x        | true  | false   | false  | true      | false
          private-encrypted-cache-x  | true  | false   | true   | true      | false
          presence-x                 | true  | true    | false  | false     | false
          presence-cache-x           | true  | true    | true   | false     | false
          `#server-to-user-12345`    | false | false   | false  | false     | true
          # Prefixes count with their hyphen, at the start, in this order and in lower case.
          privatefoo                 | false | false   | false  | false     | false
          presencefoo                | false | false   | false  | false     | false
          cachefoo                   | false | false   | false  | false     | false
          private                    | false | false   | false  | false     | false
          Private-x                  | false | false   | false  | false     | false
          x-private-y                | false | false   | false  | false     | false
          cache-private-x            | false | false   | true   | false     | false
          cache-presence-x           | false | false   | true   | false     | false
          private-cachefoo           | true  | false   | false  | false     | false
          private-encryptedfoo       | true  | false   | false  | false     | false
          private-presence-x         | true  | false   | false  | false     | false
          presence-encrypted-x       | true  | true    | false  | false     | false
          presence-private-x         | true  | true    | false  | false     | false
          private-                   | true  | false   | false  | false     | false
          private-cache-             | true  | false   | true   | false     | false
          """)
  void theNameDeterminesTheKindOfChannel(
      String name,
      boolean needsAuth,
      boolean hasMembers,
      boolean isCached,
      boolean isEncrypted,
      boolean isUser) {
    assertThat(ChannelName.parse(name, MAX_CHARS))
        .isEqualTo(
            new Parsed.Ok<>(
                new ChannelName(name, needsAuth, hasMembers, isCached, isEncrypted, isUser)));
  }

  @Test
  void aUserChannelHasAUserId() {
    assertThat(parsed("#server-to-user-a-b=@,.;9").userId()).isEqualTo("a-b=@,.;9");
  }

  /// `^[A-Za-z0-9_\-=@,.;]+$`, tested with every UTF-16 unit.
  @Test
  void exactlyTheDocumentedCharactersAreAllowed() {
    Set<Character> allowed = new HashSet<>();
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      if (ChannelName.parse("x" + c, MAX_CHARS) instanceof Parsed.Ok) {
        allowed.add(c);
      }
    }
    Set<Character> documented = new HashSet<>();
    for (char c :
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-=@,.;".toCharArray()) {
      documented.add(c);
    }
    assertThat(allowed).isEqualTo(documented);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "#server-to-user-", // no user id
        "#server-to-user-a#b",
        "#server-to-user-a b",
        "#Server-to-user-1",
        "#private-x",
        "x#server-to-user-1",
        "private-#x",
        " x",
        "x\n",
        "a/b",
        "a:b",
        "gr\u00fc\u00df",
        "\ud800",
      })
  void otherCharactersAreRefusedWithTheNameInTheText(String name) {
    assertThat(ChannelName.parse(name, MAX_CHARS))
        .isEqualTo(
            new Parsed.Bad<>(
                "Invalid channel name '"
                    + name
                    + "': allowed are letters, digits and _ - = @ , . ;"));
  }

  @Test
  void theEmptyNameIsRefused() {
    assertThat(ChannelName.parse("", MAX_CHARS))
        .isEqualTo(new Parsed.Bad<>("Invalid channel name: it is empty"));
  }

  @Test
  void theLimitAppliesToTheWholeNameAndIsNamed() {
    String longest = "private-" + "x".repeat(MAX_CHARS - "private-".length());
    assertThat(parsed(longest).needsAuth()).isTrue();
    assertThat(ChannelName.parse(longest + "x", MAX_CHARS))
        .isEqualTo(
            new Parsed.Bad<>(
                "Invalid channel name: it has 201 characters, the limit is 200"
                    + " (max_channel_name_chars)"));
  }

  private static ChannelName parsed(String name) {
    return switch (ChannelName.parse(name, MAX_CHARS)) {
      case Parsed.Ok<ChannelName> ok -> ok.value();
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }
}
