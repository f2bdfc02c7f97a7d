package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Secrets are masked wherever they occur in a text, and nothing else is.
final class SecretMaskTest {

  private static SecretMask mask(String... secrets) {
    List<App> apps =
        Stream.of(secrets)
            .map(s -> new App("1", "k", new Secret(s), AppOptions.DEFAULTS, Limits.HOSTED))
            .toList();
    return SecretMask.of(apps);
  }

  private static String masked(String text, String... secrets) {
    return mask(secrets).mask(text, 1_000);
  }

  @Test
  void newSecretsAreAddedAndOldOnesKept() {
    App fresh = new App("1", "k", new Secret("brand-new"), AppOptions.DEFAULTS, Limits.HOSTED);
    SecretMask mask = mask("long-known").and(List.of(fresh));
    assertThat(mask.mask("long-known, brand-new", 100)).isEqualTo("********, ********");
  }

  @Test
  void secretsAreMasked() {
    assertThat(masked("a 12345678 b", "12345678")).isEqualTo("a ******** b");
    assertThat(masked("1234567812345678", "12345678")).isEqualTo("****************");
    assertThat(masked("12345678", "12345678")).isEqualTo("********");
    assertThat(masked("x=abcdefghi/", "abcdefghi")).isEqualTo("x=********/");
    assertThat(masked("1234567", "12345678")).isEqualTo("1234567");
  }

  @Test
  void theLongerOfTwoIsMaskedAsOne() {
    assertThat(masked("<1234567890>", "12345678", "1234567890")).isEqualTo("<********>");
    assertThat(masked("<123456789>", "12345678", "1234567890")).isEqualTo("<********9>");
  }

  @Test
  void bothSecretsOfAnAppAreHidden() {
    App app =
        new App("1", "k", new Secret("new-secret"), AppOptions.DEFAULTS, Limits.HOSTED)
            .withPreviousSecret(new Secret("old-secret"));
    assertThat(SecretMask.of(List.of(app)).mask("old-secret new-secret", 100))
        .isEqualTo("******** ********");
  }

  @Test
  void aSecretIsHiddenEvenIfTheLineEndsWithinIt() {
    assertThat(mask("12345678").mask("abc12345678def", 5)).isEqualTo("abc********");
    assertThat(mask("12345678").mask("abc12345678def", 3)).isEqualTo("abc");
  }

  @Test
  void shortTextsAreNotMasked() {
    assertThat(masked("axxa", "x", "xx")).isEqualTo("axxa");
  }
}
